// The bootstrap reads and writes the process's environment and standard output, as Lambda has it: one test at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: CaptureConsole]
