using DasSearch.Core;

namespace DasSearch.Store.Tests;

/// <summary>What people say of runs, and what became of these when: the contract of every back end.</summary>
public abstract class AnnotationTests<TStores> : IDisposable
    where TStores : TestStores, new()
{
    private const string Hostile = "<script>alert(1)</script>\n[x](javascript:alert(1)) '; DROP TABLE run; --";

    private readonly TStores _stores = new();
    private readonly Clock _clock = new();

    public void Dispose()
    {
        _stores.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Annotate_KeepsNotesAndTags_AndNothingElseChanges()
    {
        using var store = _stores.Open(_clock);
        store.Begin(Sample.Run()).Dispose();
        using var recorder = store.Begin(Sample.Run());
        recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
        var before = store.Read.Run(2);
        _clock.Now = _clock.Now.AddHours(1);

        store.Annotate(2, new Annotation { Notes = Hostile.ReplaceLineEndings("\r\n") + "\n\n", Tags = ["seed-study", "<b>", "baseline", "<b>"] });
        Assert.Equal(before with { Summary = before.Summary with { Notes = Hostile, Tags = "<b> baseline seed-study" } }, store.Read.Run(2) with { Costs = before.Costs });
        Assert.Equal(["", "<b> baseline seed-study"], store.Read.Runs().Select(run => run.Tags));

        store.Annotate(2, new Annotation { Tags = [] });
        Assert.Equal((Hostile, 0), (store.Read.Run(2).Summary.Notes, store.Read.Run(2).Summary.TagList.Count));
        recorder.Record(Sample.Round(1, Sample.Scored("0,2", 0.75)));
        store.Annotate(2, new Annotation { Notes = "" });
        Assert.Equal(("", 2, 0.75), (store.Read.Run(2).Summary.Notes, store.Read.Run(2).Summary.Rounds, store.Read.Run(2).Summary.BestReward));
        Assert.StartsWith("there is no run 3 in ", Assert.Throws<StoreException>(() => store.Annotate(3, new Annotation { Notes = "x" })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_ThatAreNone_AreRefused()
    {
        foreach (var tag in new[] { "", "two words", "a,b", "line\nbreak", "\u2028", "bell\a", new string('x', 41) })
        {
            Assert.StartsWith("a tag must be a word of 1 to 40 characters", Assert.Throws<UsageException>(() => new Annotation { Tags = [tag] }).Message, StringComparison.Ordinal);
        }

        Assert.Equal("a run has 20 tags at the most, not 21", Assert.Throws<UsageException>(() => new Annotation { Tags = [.. Enumerable.Range(0, 21).Select(i => $"{i}")] }).Message);
        Assert.Equal("notes have 20,000 characters at the most, not 20,001", Assert.Throws<UsageException>(() => new Annotation { Notes = new string('x', 20_001) }).Message);
        Assert.Equal("notes are text, without control characters", Assert.Throws<UsageException>(() => new Annotation { Notes = "\e[2J" }).Message);
    }

    [Fact]
    public void Events_AreWhatBecameOfARun()
    {
        using var store = _stores.Open(_clock);
        var begun = _clock.Now;
        using (var recorder = store.Begin(Sample.Run() with { PlannedRounds = 4 }))
        {
            Assert.Equal((4, 0.0, null), (store.Read.Run(1).Summary.PlannedRounds, store.Read.Run(1).Summary.ShareDone, store.Read.Run(1).Summary.BestReward));
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
            recorder.Saved(1);
            _clock.Now = _clock.Now.AddMinutes(1);
            recorder.Record(Sample.Round(1, Sample.Scored("0,1", 0.5)));
            recorder.Saved(2);
            recorder.Finish(RunStatus.Interrupted);
        }

        using (var resumed = store.Reopen(1, 1))
        {
            resumed.Finish(RunStatus.Failed, "out of memory");
        }

        Assert.Equal(0.25, store.Read.Run(1).Summary.ShareDone);
        Assert.Equal(
            ["begun", "saved after 2 rounds", "interrupted after 2 rounds", "resumed after 1 round", "failed after 1 round: out of memory"],
            store.Read.Events(1).Select(one => one.Text));
        Assert.Equal([begun, _clock.Now, _clock.Now, _clock.Now, _clock.Now], store.Read.Events(1).Select(one => one.At));
        Assert.Throws<StoreException>(() => store.Read.Events(2));
    }

    [Fact]
    public void Events_TellOfProcessesThatWereKilled()
    {
        using var store = _stores.Open(_clock);
        using (var recorder = store.Begin(Sample.Run()))
        using (store.Lock(1))
        {
            recorder.Record(Sample.Round(0, Sample.Scored("0,1", 0.5)));
            Assert.Equal(["begun"], store.Read.Events(1).Select(one => one.Text));
        }

        // Nobody has it, though it never said that it ended.
        var left = _clock.Now;
        _clock.Now = left.AddHours(1);
        Assert.Equal(["begun", "stopped after 1 round"], store.Read.Events(1).Select(one => one.Text));
        Assert.Equal(left, store.Read.Events(1)[^1].At);

        using (store.Lock(1))
        using (var resumed = store.Reopen(1, 0))
        {
            resumed.Finish(RunStatus.Done);
        }

        Assert.Equal(["begun", "stopped after 1 round", "resumed after 0 rounds", "done after 0 rounds"], store.Read.Events(1).Select(one => one.Text));
        Assert.Equal([left, left, _clock.Now, _clock.Now], store.Read.Events(1).Select(one => one.At));
    }
}

public sealed class SqliteAnnotationTests : AnnotationTests<SqliteStores>;

public sealed class MemoryAnnotationTests : AnnotationTests<MemoryStores>;
