// One libtorch, one default generator and one live-tensor count a process: tests take turns.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
