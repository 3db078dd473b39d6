"""``bgest``: verbs, options, and how an error becomes a line and an exit code."""

from __future__ import annotations

import argparse
import codecs
import importlib
import io
import json
import logging
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from bgest_analysis.cli.spoken_help import asked_language, parser_class
from bgest_analysis.errors import DONE, INTERRUPTED, OUR_FAULT, BgestError, machine_fault
from bgest_analysis.text.formats import LANGUAGES
from bgest_analysis.text.messages import T, translate

ENGINES = ("fork", "spawn", "stock")
WHAT = T("Valutazione delle reti territoriali per l'integrazione: dai file ai dossier.")
CODES = T(
    "Codici di uscita: 0 fatto, 1 problemi nei file, 2 uso errato, 3 file non apribile in "
    "sicurezza, 4 riservatezza, 5 manca qualcosa sulla macchina, 6 alcune analisi non riuscite, "
    "70 errore nostro, 130 interrotto."
)
PROFILES = ("interno", "pubblicazione", "riservato")


def build_parser(language: str = LANGUAGES[0]) -> argparse.ArgumentParser:
    """Return the parser of all verbs, whose help speaks a language."""
    parser = parser_class(language)(prog="bgest", description=WHAT.template, epilog=CODES.template)
    _add_language(parser, "")
    verbs = parser.add_subparsers(dest="verb", metavar="comando", required=True)
    _add_run(verbs)
    check = _add(verbs, "check", "controlla dei file e dice che cosa correggere")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.add_argument("--table", help="tabella a cui i file appartengono, se non si riconosce")
    status = _add(verbs, "status", "che cosa va rifatto, l'ultima esecuzione, la quarantena")
    status.add_argument("--explain", action="store_true", help="perché ogni lavoro va rifatto")
    fetch = _add(verbs, "fetch", "scarica i file ufficiali dagli editori")
    fetch.add_argument("sources", nargs="*", metavar="FONTE", help="quali (senza: elenco)")
    fetch.add_argument("--year", type=int, help="edizione (senza: l'anno dello studio)")
    fetch.add_argument("--again", action="store_true", help="chiede anche se il file c'è già")
    new = _add(verbs, "new", "uno studio proprio: file, modelli, cartelle vuote")
    new.add_argument("folder", type=Path, metavar="DIR")
    new.add_argument("--provincia", default="016", help="codice ISTAT, tre cifre (016)")
    _add_sample(verbs)
    example = _add(verbs, "example", "lo studio sintetico, con la sua verità")
    example.add_argument("folder", type=Path, metavar="DIR")
    example.add_argument("--scale", type=float, default=1.0, help="1 = circa 1.500 interventi")
    example.add_argument("--seed", type=int, default=2463, help="stesso seme, stessi byte")
    key = _add(verbs, "key", "la chiave degli pseudonimi di uno studio")
    key.add_argument("--make", action="store_true", help="la crea, fuori dalla cartella")
    trace = _add(verbs, "trace", "da una tabella stampata ai file di partenza")
    trace.add_argument("item", metavar="FILE#ELEMENTO")
    verify = _add(verbs, "verify", "riesegue dei notebook su kernel ordinari e confronta")
    verify.add_argument("--all", action="store_true", help="tutti, non un campione")
    publish = _add(verbs, "publish", "controlla i file finiti e fa il pacchetto che può uscire")
    publish.add_argument("--first", metavar="NOME", help="chi ha controllato")
    publish.add_argument("--second", metavar="NOME", help="chi ha ricontrollato, un'altra persona")
    publish.add_argument("--when", metavar="DATA", help="giorno della pubblicazione (oggi)")
    retain = _add(verbs, "retain", "file conservati oltre il tempo che lo studio dice")
    retain.add_argument("--do", action="store_true", help="li cancella (senza: li elenca)")
    retain.add_argument("--when", metavar="DATA", help="giorno da cui si conta (oggi)")
    erase = _add(verbs, "erase", "toglie una persona dai file ricevuti e dalle tabelle")
    erase.add_argument("person", metavar="PSEUDONIMO", help="le 20 cifre delle tabelle pulite")
    erase.add_argument("--do", action="store_true", help="lo fa (senza: dice dove)")
    erase.add_argument("--when", metavar="DATA", help="giorno del registro (oggi)")
    lab = _add(verbs, "lab", "JupyterLab per lo studio, su copie di lavoro dei notebook")
    lab.add_argument("--port", type=int, default=8888, help="porta (8888, o la prima libera)")
    lab.add_argument("--no-browser", action="store_true", help="non apre il browser")
    lab.add_argument("--example", action="store_true", help="sullo studio sintetico")
    _add(verbs, "doctor", "lo stato di questa macchina")
    return parser


def _add(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help_text: str
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=help_text, description=help_text)
    verb.add_argument("--study", type=Path, metavar="DIR", help="cartella dello studio")
    verb.add_argument("--json", action="store_true", help="risposta per altri programmi")
    verb.add_argument("--debug", action="store_true", help="mostra la traccia degli errori")
    _add_language(verb, argparse.SUPPRESS)  # what stands before the verb holds
    return verb


def _add_language(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--language", default=default, metavar="it|en", help="lingua di messaggi e documenti"
    )


def _add_run(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    run = _add(verbs, "run", "pulisce, calcola e scrive i dossier: solo ciò che serve")
    run.add_argument("--ambito", action="append", default=[], help="solo quest'area (ripetibile)")
    run.add_argument("--notebook", action="append", default=[], help="solo quest'analisi")
    run.add_argument("--parameter", action="append", default=[], metavar="NOME=VALORE")
    run.add_argument("--jobs", type=int, default=2, help="quanti lavori insieme (2)")
    where = run.add_mutually_exclusive_group()
    where.add_argument("--engine", choices=ENGINES, help="motore dei notebook")
    where.add_argument(
        "--scheduler", metavar="INDIRIZZO", help="su più macchine: tls://… o, locale, tcp://…"
    )
    run.add_argument("--example", action="store_true", help="solo lo studio sintetico")
    run.add_argument("--no-example", action="store_true", help="senza lo studio sintetico")
    run.add_argument(
        "--profile", choices=PROFILES, default=PROFILES[0], help="per chi: quali conteggi tacere"
    )
    run.add_argument("--rehash", action="store_true", help="rilegge ogni file per intero")


def _add_sample(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    sample = _add(
        verbs,
        "sample",
        "un campione di interventi da codificare due volte, e l'accordo tra chi codifica",
    )
    sample.add_argument("--size", type=int, default=200, help="quanti interventi (200)")
    sample.add_argument("--seed", type=int, default=2463, help="stesso seme, stesso campione")
    sample.add_argument(
        "--coders", nargs=2, default=["1", "2"], metavar="SIGLA", help="le sigle di chi codifica"
    )
    sample.add_argument(
        "--read", nargs=2, type=Path, metavar="FILE", help="rilegge i due fogli compilati"
    )
    sample.add_argument("--third", type=Path, metavar="FILE", help="i disaccordi decisi")
    sample.add_argument("--when", metavar="DATA", help="giorno della decisione (oggi)")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _let_speak(stream)
    arguments = sys.argv[1:] if argv is None else argv
    options = build_parser(asked_language(arguments)).parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    command = importlib.import_module(f"bgest_analysis.cli.{options.verb}")
    try:
        return int(command.execute(options))
    except BrokenPipeError:  # the reader of our output has seen enough
        sys.stderr.close()
        return DONE
    except KeyboardInterrupt:
        return _say(options, "interrotto: ciò che era fatto resta", INTERRUPTED)
    except Exception as fault:  # noqa: BLE001 (the outermost edge: told without values)
        if options.debug:
            traceback.print_exc()
        known = machine_fault(fault) if isinstance(fault, OSError) else fault
        if isinstance(known, BgestError):
            return _say(options, known.message.render(message_language(options)), known.exit_code)
        text = translate(
            "errore del programma ({name}): ripetere con --debug e segnalarlo",
            message_language(options),
        )
        return _say(options, text.format(name=type(fault).__name__), OUR_FAULT)


def _let_speak(stream: TextIO) -> None:
    """Print what a stream's encoding lacks too: UTF-8 for ASCII, escapes (JSON's own) elsewhere."""
    if isinstance(stream, io.TextIOWrapper):
        ascii_only = codecs.lookup(stream.encoding).name == "ascii"
        stream.reconfigure(
            encoding="utf-8" if ascii_only else stream.encoding, errors="backslashreplace"
        )


def message_language(options: argparse.Namespace) -> str:
    """Return the language of messages: the first asked for, Italian otherwise."""
    first = str(options.language).split(",")[0]
    return first if first in LANGUAGES else LANGUAGES[0]


def _say(options: argparse.Namespace, text: str, code: int) -> int:
    line = (
        json.dumps({"errore": text, "codice": code}, ensure_ascii=False) if options.json else text
    )
    print(line, file=sys.stdout if options.json else sys.stderr)
    return code
