// libtorch's default generator and its count of live tensors belong to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
