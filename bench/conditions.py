"""How each part was measured, as the page says it."""

from __future__ import annotations

METHOD = (
    "P1 and P2 are CPU seconds of one thread in one process; P4 is wall time with two cores free.",
    "P1 pictures are drawn from seeds, enlarged to 4032 x 3024, given sensor noise, saved as JPEG 85 4:2:0."
    " The peer decodes them whole and makes one PDQ; ours makes eight and also tells kind and size.",
    "P2: half of the queries are unrelated, half entries with 0 to 31 bits turned over. Ours answers 2,000"
    " at once, the peers 200. Answers are first compared with FAISS's brute force, pair by pair."
    " Ours is asked as often before as makes an index worth while; making it is not in the figure.",
    "P2-largest needs a machine with 14 GiB free and runs only when it is named (`--part largest`); its row"
    " is that of the last such run.",
    "P3: half of what is asked is in the list. DuckDB has one thread, digests as two numbers, and the better"
    " of the two ways to join; SQLite has a shorter list. P3-scan goes the way of a scan, with Python's"
    " objects for each file.",
    "P4: the page cache is warm. Rates count the bytes of the files; each file's SHA-256 is compared with"
    " its source first. The limit unpacks the same medium in order, half in each process, and drops it.",
    "P5: `luwte scan` as a process, with its start, opening its list and all it writes; the peer is a plain"
    " script, one file after another, with reading its list and making its index. Both must find what was"
    " planted, ours in 8 variants. The peer gets fewer files; what it takes beside its index is scaled."
    " CPU time is compared too: what a peer that kept both cores busy would come to.",
    "P6: memory is what all processes hold at once, pages in common counted once, 20 times a second.",
    "P7: `luwte scan --ray` as a process, with its start; each node is a network namespace with one core, the"
    " leading machine another without. The better of the repetitions counts, in turn.",
    "P8: CPU time of the rules alone, in batches of the planner; P8-desk and P9: wall time through Django and"
    " SQLite with every commit on disk; the e-mails go nowhere, so what is timed is the record of them. These"
    " rows can be measured apart (`python -m bench --part telling`).",
    "P10: `luwte desk serve` with two workers of four threads, filled with 450 people more than visit; desk,"
    " database with every commit on disk, and visitors are processes of one machine. People sign in by their"
    " link, staff with password and code through the pages; each thinks seven seconds on average between two"
    " pages (negative exponential, at most 70, as TPC-W has it) and waits for each answer. Any answer but a"
    " page, or a redirect after a form, is an error. The ratio is that of the worst kind of page with 20"
    " requests or more. First page, question and answer wait for whole steps of 0.25 and 0.5 s, which hides"
    " how they vary: they have a row of their own (P10-steps), and the other rows no such page.",
    "P12-deep: `luwte scan` as a process, whole and with --fast-only, of so many pictures and of a quarter of"
    " them: what every scan takes falls out. All are unknown; the codes of the list are random bits.",
    "P8: ten findings a person, wishes of every rhythm, quiet periods, earlier contacts, drawn from a seed."
    " CPU seconds of one process for the rules alone: no database is read or written.",
    "P12-review: a drawn year of carriers through the project's own clusters, rejected pairs and queue; what"
    " is measured and what is assumed in it stands in docs/review-measured.md.",
    "P12: shares of edited copies that are found; by group of edits, with false pairs and look-alikes, in"
    " docs/recognition-measured.md. `python -m bench --part recognition --sources N --each N --gallery N`"
    " measures it apart, --photos FOLDER also on photos; stopped, the same command goes on.",
    "P12-films: shares of edited films that are found, each drawn; by edit, with false pairs, in"
    " docs/films-measured.md, which is measured apart (`python -m bench --part films`); where no row of it"
    " stands here, the page alone was written.",
    "P13: CPU time through Django and SQLite with every step of 500 people on disk. The limit is what"
    " opening and wrapping their keys alone takes, in one process. Most of the rest is digests and the rows"
    " themselves. Memory is the process's peak.",
    "P14: the portal on SQLite in this process, with all its middleware and its waiting; people with findings"
    " and without in random order. The chance is Mann and Whitney's U as a share; it counts as one half when"
    " two one-sided tests show it; the power is how often they do when nothing differs.",
    "P12-index: forty pictures of the list are real; the codes of the others are drawn from values of real"
    " ones with noise of their covariance. What is asked is 128 codes upright and 128 mirrored. The peer"
    " compares sixteen codes with sixteen million and is scaled. A list that does not fit into free memory is"
    " made and asked in two halves, one after the other: CPU time and memory of both are added up, as two"
    " machines would take them.",
)
