// libtorch has one random generator a process: searches side by side would draw from each other's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
