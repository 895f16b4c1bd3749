"""What this machine has, what the kernels use of it, how fast it is, and whether a model fits.

`report.make_report` gathers, `fits.fit` judges, `report_words` tells it. Asks the system only: no
kernels, no threads; what may hang (drivers, other programs) is asked by a process of its own and
left behind after two seconds (`machine.py`; five for a program that is known to be slow).

`chaski hardware --json` prints one object (`report_words.report_json`). Sizes are bytes, rates
bytes per second or products (multiply-adds) per second; 0 and "" mean not told, or not measured.

    cpu_name, system            words
    physical_cores, logical_cores, best_threads
    cache_bytes                 of the last level
    caches[]                    level, kind (data | instruction | unified), size of one, cores that
                                share one, count
    simd[]                      name, present, used (by the kernels)
    ram_total, ram_available    within the limits of this process
    disk_free                   where models are kept
    disks[]                     folder, used_for (models | data), kind (nvme | ssd | spinning |
                                removable | network | memory | unknown), file_system, total, free,
                                read_rate, write_rate, problem (a sentence, where measuring failed)
    gpus[]                      names; graphics[] has name, memory, shared, unified, driver
    bandwidth                   the best of bandwidth_by_threads[], pairs of threads and rate
    rates                       threads, path (the kernels' way of computing), bandwidth[], types[]
                                (type, decode, prefill), attention, others (share of the processor
                                that other programs took meanwhile), roof_share{} (of the memory's
                                bandwidth, by type)
    predictions[]               name, path, type_name, file_bytes, predicted (tokens/s),
                                seconds_to_read (ten pages), measured (tokens/s, median of runs),
                                runs, error (0.1: a tenth too high), problem
    notes[]                     sentences
"""
