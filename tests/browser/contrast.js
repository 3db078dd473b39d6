// Contrast of every text with its ground (WCAG 2.2, 1.4.3); transparent grounds fall through.
function channel(v) { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }
function rgba(text) { var p = text.match(/[\d.]+/g).map(Number); return p.length < 4 ? p.concat([1]) : p; }
function light(c) { return 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]); }
function ground(element) {
  for (var e = element; e; e = e.parentElement) {
    var c = rgba(getComputedStyle(e).backgroundColor);
    if (c[3] > 0.99) { return c; }
  }
  return [255, 255, 255, 1];
}
var weak = [], seen = 0;
var walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  var node = walker.currentNode, e = node.parentElement;
  if (!node.textContent.trim() || !e.getClientRects().length || e.closest("svg,script,style")) { continue; }
  var style = getComputedStyle(e), a = light(rgba(style.color)), b = light(ground(e));
  var ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  var size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && +style.fontWeight >= 700);
  seen += 1;
  if (ratio < (large ? 3 : 4.5)) { weak.push(node.textContent.trim() + " " + ratio.toFixed(2)); }
}
return [seen, weak];
