"""One count from many trackers: a measurement model of what each of them sees."""
