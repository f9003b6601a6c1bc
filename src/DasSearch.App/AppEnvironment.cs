using DasSearch.Core;
using DasSearch.Core.Configuration;
using DasSearch.Core.Plans;
using DasSearch.Data.Tasks;
using DasSearch.Data.Text;
using DasSearch.Formats;
using DasSearch.Models.Backbones.Encoders;
using DasSearch.Transfer;
using DasSearch.Worker.Networks;
using static TorchSharp.torch;

namespace DasSearch.App;

/// <summary>What use cases may reach outside their arguments: environment variables, tasks and their data.</summary>
/// <param name="variable">Reads an environment variable; null where it is not set.</param>
public sealed class AppEnvironment(Func<string, string?> variable)
{
    private readonly HashSet<string> _noted = new(StringComparer.Ordinal);
    private FeatureCache? _features;

    /// <summary>The tasks by name; those that come with the tool by default.</summary>
    public Func<string, TaskEntry> Tasks { get; init; } = TaskTable.Named;

    /// <summary>What networks can be made of; what comes with the tool by default.</summary>
    public PartTables Tables { get; init; } = PartTables.BuiltIn;

    /// <summary>Told once, in a sentence, what is taken for granted that nobody says.</summary>
    public Action<string> Note { get; init; } = static _ => { };

    /// <summary>What frozen encoders gave before: in the folder of the variable DAS_CACHE, by default of the user's cache, and up to DAS_CACHE_MIB of each.</summary>
    public FeatureCache Features => _features ??= FeatureCaches.Open(variable);

    /// <summary>The tasks' data.</summary>
    public DataSources Data { get; } = new(variable);

    /// <summary>The task of a run.</summary>
    /// <param name="settings">Its name, the folder of its data, and the backbone, which says how texts and images are read.</param>
    /// <param name="orderSeed">What the order of its training samples derives from.</param>
    /// <exception cref="DasSearchException">There is none, or its data is missing.</exception>
    public IVisionLanguageTask OpenTask(ResolvedConfig<RunConfig> settings, long orderSeed)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return OpenTask(settings.Values.Task, settings.Values.Backbone, settings.Values.Data, settings.FullPath, orderSeed);
    }

    /// <summary>The task of a name, as a backbone sees it.</summary>
    /// <param name="inFull">Makes paths of settings full ones.</param>
    /// <exception cref="DasSearchException">There is none, or its data is missing.</exception>
    internal IVisionLanguageTask OpenTask(string task, string backbone, DataConfig data, Func<string, string> inFull, long orderSeed)
    {
        var found = data with { Root = InFull(data.Root), Tokenizer = InFull(data.Tokenizer) };
        return Tasks(task).Open(Data, new TaskSettings(OrderSeed: orderSeed) { View = ViewOf(backbone), Data = found });

        string? InFull(string? path) => path is null ? null : inFull(path);
    }

    /// <summary>How a backbone reads texts and images.</summary>
    /// <exception cref="DasSearchException">There is none, or its tokenizer cannot be read.</exception>
    public BackboneView ViewOf(string backbone)
    {
        var entry = Tables.Backbones.Named(backbone);
        return new BackboneView(TokenizerTable.Named(entry.Tokenizer), entry.Style) { TakesPadding = entry.TakesPadding, TakesAnySide = entry.TakesAnySide };
    }

    /// <summary>Reads settings from a file; what they leave to the backbone is its authors'.</summary>
    /// <exception cref="DasSearchException">They cannot be read or are wrong, or there is no such backbone or task.</exception>
    public ResolvedConfig<RunConfig> Load(string path, IReadOnlyList<string> overrides)
    {
        var read = ConfigFile.Load<RunConfig>(path, overrides);
        var backbone = Tables.Backbones.Named(read.Values.Backbone);
        var (search, adapters, rates) = (read.Values.Search, read.Values.Adapters, backbone.Rates);
        if (search.CrossModalMultiplier is not null && rates.CrossModal is null)
        {
            throw new ConfigException("search.cross_modal_multiplier", $"is for backbones of two streams that layers are between, and {read.Values.Backbone} has no such layers");
        }

        var values = read.Values with
        {
            Search = search with
            {
                HeadMultiplier = search.HeadMultiplier ?? (Tasks(read.Values.Task).Kind == TaskKind.Classification ? rates.Classes : rates.Answers),
                CrossModalMultiplier = search.CrossModalMultiplier ?? rates.CrossModal,
            },
            Adapters = adapters with
            {
                SkipBottleneck = adapters.SkipBottleneck ?? DasPlacement.WidthInPlace(backbone.Adapters),
                ParallelBottleneck = adapters.ParallelBottleneck ?? DasPlacement.WidthBeside(backbone.Adapters),
            },
        };
        return read with { Values = values, Text = ConfigFile.Format(values) };
    }

    /// <summary>What the supernet of a search is built from.</summary>
    /// <param name="config">Its settings.</param>
    /// <param name="checkpoint">The checkpoint's path in full; null for fresh weights.</param>
    /// <param name="task">The task.</param>
    /// <param name="device">Where the network lives.</param>
    /// <exception cref="DasSearchException">There is no such backbone or method.</exception>
    internal NetworkRequest Supernet(RunConfig config, string? checkpoint, IVisionLanguageTask task, Device device) =>
        NetworkRequest.Supernet(config, checkpoint, task, device, Tables) with { Note = NoteOnce, Features = Features };

    // One command may build several networks of one checkpoint.
    internal void NoteOnce(string sentence)
    {
        if (_noted.Add(sentence))
        {
            Note(sentence);
        }
    }
}
