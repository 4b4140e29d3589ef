"""How long a client may take over a request, and how much of one it may send."""

HEAD_S = 10.0  # from the connection, or the first byte of a further request, to its last header
BODY_S = 20.0  # from there to the end of its body
ANSWER_S = 30.0  # to take an answer that does not fit into the kernel's buffers

HEAD_BYTES = 64 * 1024
# More than most servers take: a view of a hundred namespaces may be long.
ADDRESS_BYTES = 32 * 1024
HEADERS = 100
# What the websocket's own parser takes of one line; it knows no other answer than to fail.
LINE_BYTES = 8_000
# Requests that are sent before the answer to an earlier one: browsers send none.
AHEAD = 8
