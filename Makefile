.PHONY: run test
run test: ; python3 avvia.py $@
