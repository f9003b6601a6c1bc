using TorchSharp.Tests.Support;
using static TorchSharp.torch;

namespace TorchSharp.Tests.Scopes;

/// <summary>Who owns a tensor, and when it goes.</summary>
public sealed class DisposeScopeTests
{
    [Fact]
    public void NewDisposeScope_AtItsEnd_DisposesWhatWasMadeInIt()
    {
        Tensor inside;
        using (var scope = NewDisposeScope())
        {
            inside = ones(2) + 1;
            Assert.Equal(2, scope.DisposablesCount);
            Assert.True(scope.Contains(inside));
        }

        Assert.True(inside.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => inside.abs());
    }

    [Fact]
    public void NewDisposeScope_Nested_DisposesTheInnerOneOnly()
    {
        using var outer = NewDisposeScope();
        var first = ones(2);
        Tensor second;
        using (NewDisposeScope())
        {
            second = ones(2);
        }

        Assert.False(first.IsInvalid);
        Assert.True(second.IsInvalid);
        Assert.Equal(1, outer.DisposablesCount);
    }

    [Fact]
    public void MoveToOuterDisposeScope_FromANestedScope_LivesUntilTheOuterEnds()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                moved = ones(2);
                Assert.Same(moved, moved.MoveToOuterDisposeScope());
            }

            Assert.False(moved.IsInvalid);
        }

        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void MoveToOuterDisposeScope_FromTheOutermost_IsOwnedByNobody()
    {
        Tensor moved;
        using (NewDisposeScope())
        {
            moved = ones(2).MoveToOuterDisposeScope();
        }

        Assert.False(moved.IsInvalid);
        moved.Dispose();
        Assert.True(moved.IsInvalid);
    }

    [Fact]
    public void DetachFromDisposeScope_FromANestedScope_OutlivesAll()
    {
        Tensor detached;
        using (NewDisposeScope())
        {
            using (NewDisposeScope())
            {
                detached = ones(2).DetachFromDisposeScope();
            }
        }

        Assert.False(detached.IsInvalid);
        detached.Dispose();
    }

    [Fact]
    public void Dispose_ByHand_LeavesTheScope()
    {
        using var scope = NewDisposeScope();
        var tensor = ones(2);
        tensor.Dispose();
        Assert.False(scope.Contains(tensor));
        Assert.Equal(0, scope.DisposablesCount);
        tensor.Dispose();
    }

    [Fact]
    public void DisposeEverythingBut_OneTwoAndThree_KeepsThose()
    {
        using var scope = NewDisposeScope();
        var (a, b, c, d) = (ones(1), ones(1), ones(1), ones(1));
        Assert.Equal((a, b, c), scope.DisposeEverythingBut(a, b, c));
        Assert.True(d.IsInvalid);
        Assert.Equal((a, b), scope.DisposeEverythingBut(a, b));
        Assert.True(c.IsInvalid);
        Assert.Same(a, scope.DisposeEverythingBut(a));
        Assert.True(b.IsInvalid);
        Assert.False(a.IsInvalid);
        scope.DisposeEverything();
        Assert.True(a.IsInvalid);
        Assert.Equal(0, scope.DisposablesCount);
    }

    [Fact]
    public void DisposeEverythingBut_AList_KeepsItsMembers()
    {
        using var scope = NewDisposeScope();
        var (a, b, c) = (ones(1), ones(1), ones(1));
        scope.DisposeEverythingBut((IEnumerable<IDisposable>)[a, b]);
        Assert.Equal((false, false, true), (a.IsInvalid, b.IsInvalid, c.IsInvalid));
        Assert.Equal([a, b], scope.DisposablesView);
    }

    [Fact]
    public void MoveToOuterAndDetach_OnTheScope_MoveSeveral()
    {
        Tensor a, b, c, d;
        using (NewDisposeScope())
        {
            using (var inner = NewDisposeScope())
            {
                (a, b, c, d) = (ones(1), ones(1), ones(1), ones(1));
                inner.MoveToOuter(a, b);
                inner.Detach(c);
            }

            Assert.Equal((false, false, false, true), (a.IsInvalid, b.IsInvalid, c.IsInvalid, d.IsInvalid));
        }

        Assert.Equal((true, true, false), (a.IsInvalid, b.IsInvalid, c.IsInvalid));
        c.Dispose();
    }

    [Fact]
    public void Parameter_MadeInAScope_IsOwnedByIt()
    {
        Modules.Parameter parameter;
        using (var scope = NewDisposeScope())
        {
            parameter = nn.Parameter(ones(2));
            Assert.True(scope.Contains(parameter));
        }

        Assert.True(parameter.IsInvalid);
    }

    [Fact]
    public void Scope_OfAnotherThread_DoesNotOwnThisOnesTensors()
    {
        using var scope = NewDisposeScope();
        Tensor? elsewhere = null;
        var countThere = -1;
        var thread = new Thread(() =>
        {
            elsewhere = ones(2);
            using var own = NewDisposeScope();
            ones(3);
            countThere = own.DisposablesCount;
        });
        thread.Start();
        thread.Join();
        Assert.Equal(0, scope.DisposablesCount);
        Assert.Equal(1, countThere);
        Assert.False(elsewhere!.IsInvalid);
        elsewhere.Dispose();
    }

    [Fact]
    public void Scope_LeftByAnException_StillDisposes()
    {
        var before = LiveTensors.Settled();
        Assert.ThrowsAny<Exception>(() =>
        {
            using var scope = NewDisposeScope();
            ones(2, 3).matmul(ones(2, 3));
        });
        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void WrappedTensorDisposeScope_OfAnExpression_KeepsItsResultOnly()
    {
        var before = LiveTensors.Settled();
        using (var result = WrappedTensorDisposeScope(() => (ones(2) + 1) * 2))
        {
            Assert.Equal([4f, 4f], result.data<float>().ToArray());
            Assert.Equal(before + 1, Tensor.TotalCount);
        }

        Assert.Equal(before, Tensor.TotalCount);
    }

    [Fact]
    public void Statistics_OverALife_CountIt()
    {
        var statistics = DisposeScopeManager.Statistics;
        statistics.Reset();
        var outside = ones(1);
        Tensor detached;
        using (NewDisposeScope())
        {
            ones(1);
            ones(1);
            detached = ones(1).DetachFromDisposeScope();
            Assert.Equal(4, statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(1, statistics.CreatedOutsideScopeCount);
        Assert.Equal(3, statistics.CreatedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(2, statistics.DisposedInScopeCount);
        Assert.Equal(2, statistics.ThreadTotalLiveCount);
        outside.Dispose();
        detached.Dispose();
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }
}
