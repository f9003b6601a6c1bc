namespace TorchSharp;

/// <summary>Owns the tensors made while it is the innermost scope of its thread, and disposes them when it ends.</summary>
public sealed class DisposeScope : IDisposable
{
    private readonly DisposeScopeManager _manager;
    private readonly DisposeScope? _outer;
    private HashSet<IDisposable> _disposables = new(ReferenceEqualityComparer.Instance);

    internal DisposeScope(DisposeScopeManager manager, DisposeScope? outer)
    {
        _manager = manager;
        _outer = outer;
    }

    /// <summary>A copy of what the scope owns at this moment.</summary>
    public IReadOnlyList<IDisposable> DisposablesView => [.. _disposables];

    public int DisposablesCount => _disposables.Count;

    public bool Contains(IDisposable disposable) => _disposables.Contains(disposable);

    internal void Include(IDisposable disposable) => _disposables.Add(disposable);

    /// <summary>Hands one disposable to the enclosing scope; without one it belongs to nobody but the caller.</summary>
    public T MoveToOuter<T>(T disposable)
        where T : IDisposable
    {
        Move(disposable);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        Move(first);
        Move(second);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        Move(first);
        Move(second);
        Move(third);
        return (first, second, third);
    }

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOuter((IEnumerable<IDisposable>)disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var disposable in disposables)
        {
            Move(disposable);
        }
    }

    /// <summary>Takes one disposable out of every scope: from now on the caller disposes it.</summary>
    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        Release(disposable);
        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        Release(first);
        Release(second);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        Release(first);
        Release(second);
        Release(third);
        return (first, second, third);
    }

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        ArgumentNullException.ThrowIfNull(disposables);
        foreach (var disposable in disposables)
        {
            Release(disposable);
        }
    }

    /// <summary>Empties the scope without ending it.</summary>
    public void DisposeEverything() => DisposeEverythingBut((IEnumerable<IDisposable>)[]);

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        var owned = _disposables;
        _disposables = inKeep.ToHashSet<IDisposable>(ReferenceEqualityComparer.Instance);
        foreach (var disposable in owned)
        {
            if (_disposables.Contains(disposable))
            {
                continue;
            }

            _manager.StatisticsOfThread.DisposedInScopeCount++;
            if (disposable is torch.Tensor tensor)
            {
                // Not through Dispose: the tensor would look itself up in the set being walked, or count itself again.
                tensor.DisposeWithScope();
            }
            else
            {
                disposable.Dispose();
            }
        }
    }

    /// <summary>Tells the scope that the disposable is gone already.</summary>
    public void MarkAsDisposed(IDisposable disposable)
    {
        if (!_disposables.Remove(disposable))
        {
            return;
        }

        _manager.StatisticsOfThread.DisposedInScopeCount++;
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = null;
        }
    }

    public void Dispose()
    {
        DisposeEverything();
        _manager.Leave(this);
    }

    private void Move(IDisposable disposable)
    {
        if (!_disposables.Remove(disposable))
        {
            return;
        }

        if (_outer is null)
        {
            _manager.StatisticsOfThread.DetachedFromScopeCount++;
        }
        else
        {
            _outer.Include(disposable);
        }

        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = _outer;
        }
    }

    private void Release(IDisposable disposable)
    {
        if (!_disposables.Remove(disposable))
        {
            return;
        }

        _manager.StatisticsOfThread.DetachedFromScopeCount++;
        if (disposable is torch.Tensor tensor)
        {
            tensor.OwningDisposeScope = null;
        }
    }
}
