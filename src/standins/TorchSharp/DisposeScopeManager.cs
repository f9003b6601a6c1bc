namespace TorchSharp;

/// <summary>The stack of dispose scopes of one thread: scopes never cross threads.</summary>
public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? s_ofThread;

    private readonly Stack<DisposeScope> _scopes = new();

    public DisposeScopeManager()
    {
    }

    /// <summary>What this thread has made and disposed so far.</summary>
    public static ThreadDisposeScopeStatistics Statistics => OfThread.StatisticsOfThread;

    internal static DisposeScopeManager OfThread => s_ofThread ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics StatisticsOfThread { get; } = new();

    internal DisposeScope Enter()
    {
        var scope = new DisposeScope(this, _scopes.TryPeek(out var outer) ? outer : null);
        _scopes.Push(scope);
        return scope;
    }

    /// <exception cref="InvalidOperationException">An inner scope is still open, or this is another thread.</exception>
    internal void Leave(DisposeScope scope)
    {
        if (!_scopes.TryPeek(out var innermost) || innermost != scope)
        {
            throw new InvalidOperationException("Dispose scopes end in the reverse order of their creation, on the thread that made them.");
        }

        _scopes.Pop();
    }

    internal DisposeScope? Register(IDisposable disposable)
    {
        if (!_scopes.TryPeek(out var scope))
        {
            StatisticsOfThread.CreatedOutsideScopeCount++;
            return null;
        }

        StatisticsOfThread.CreatedInScopeCount++;
        scope.Include(disposable);
        return scope;
    }
}
