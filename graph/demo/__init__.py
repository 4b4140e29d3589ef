"""The demo mesh: traffic that never happened, told exactly as Istio's proxies would tell it.

loader, synth -> topology -> plan          what there is, as data and then as arrays
scenarios -> conditions                    what holds at a moment
traffic                                    the requests of one step, from the top down and back up
ledger (series) -> labels -> exposition    what every proxy has counted, as Prometheus reads it
truth                                      the same requests kept apart, to check everything else by
simulator -> server <- simulate            one clock, one process, HTTP
process, prometheus -> supervisor          the whole demo with a real Prometheus and meshviz on top
"""
