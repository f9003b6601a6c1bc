using System.CommandLine;
using System.Globalization;
using DasSearch.App;
using DasSearch.Core;
using DasSearch.Core.Configuration;

namespace DasSearch.Cli.Commands;

/// <summary><c>das profile BACKBONE|PLAN</c>: parameters and multiply-accumulates, module by module.</summary>
internal static class ProfileCommand
{
    private const string AllMethods = "all";
    private const string MethodKey = "method.";
    private const string PaperSize = "paper";
    private const int RoundBatch = 8;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var backbones = context.Environment.Tables.Backbones.All;
        var names = string.Join(", ", backbones.Select(entry => entry.Name));
        var target = new Argument<string>("BACKBONE|PLAN")
        {
            Description = $"A backbone ({names}) as papers profile it, or a plan's file.",
        };
        var latency = new Option<bool>("--latency") { Description = "Measure a plan's latency against the full model on the same batch, too; what can be merged is merged." };
        var unmerged = new Option<bool>("--unmerged") { Description = "Measure the latency of the network as it was trained, with nothing merged." };
        var method = new Option<string?>("--method")
        {
            Description = "What a transfer method adds to a backbone, beside what its paper says; all for every method.", HelpName = "NAME|all",
        };
        method.AcceptOnlyFromAmong([.. context.Environment.Tables.Methods.All.Select(static entry => entry.Name), AllMethods]);
        var size = new Option<string>("--size")
        {
            Description = "The size of a backbone: paper, as papers profile it.", HelpName = "SIZE", DefaultValueFactory = static _ => PaperSize,
        };
        size.AcceptOnlyFromAmong(PaperSize);
        var round = new Option<bool>("--round") { Description = "Do one round of a search on a backbone with random weights, and print the most memory that it took." };
        var batch = new Option<int?>("--batch") { Description = $"Samples of the round's batch; {RoundBatch} by default.", HelpName = "N" };
        var check = new Option<string?>("--check")
        {
            Description = "Compare what a published ViLT, --checkpoint FILE, gives for an image, as its processor makes it ([1, 3, height, width], in a .npy file), with what is published.", HelpName = "PIXELS",
        };
        Option<int?> skipText = SkipOption("text"), skipImage = SkipOption("image");
        var json = JsonOption.Create();
        var flags = new PlanFlags(target);
        var command = new Command("profile", "Print parameters and multiply-accumulates of each module, for the full and the planned network.") { target, method, size, skipText, skipImage, round, batch, check, latency, unmerged, json };
        flags.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() => Run(parsed, cancellation), CancellationToken.None));
        return command;

        void Run(ParseResult parsed, CancellationToken cancellation)
        {
            var name = parsed.GetRequiredValue(target);
            var isMeasured = parsed.GetValue(latency) || parsed.GetValue(unmerged);
            if (parsed.GetValue(batch) is { } samples && (samples < 1 || !parsed.GetValue(round)))
            {
                throw new UsageException(samples < 1 ? $"--batch must be at least 1, not {samples}" : "--batch goes with --round");
            }

            var source = flags.Read(parsed);
            if (backbones.Any(entry => entry.Name == name))
            {
                RefuseOfPlans(source, name, takesOptions: parsed.GetValue(method) is not (null or AllMethods), takesCheckpoint: parsed.GetValue(check) is not null);
            }

            if (parsed.GetValue(check) is { } pixels)
            {
                Check(name, source.Checkpoint, pixels, context.Terminal, parsed.GetValue(json));
                return;
            }

            if (parsed.GetValue(round))
            {
                var entry = backbones.FirstOrDefault(entry => entry.Name == name && entry.Searched is not null)
                    ?? throw new UsageException($"--round is for backbones, {string.Join(", ", backbones.Where(static entry => entry.Searched is not null).Select(static entry => entry.Name))}");
                if (isMeasured || parsed.GetValue(method) is not null || parsed.GetValue(skipText) is not null || parsed.GetValue(skipImage) is not null)
                {
                    throw new UsageException("--round is measured on its own: leave out --method, --skip-text, --skip-image and --latency");
                }

                Print(RoundProfile.Of(entry, entry.Searched!, parsed.GetValue(batch) ?? RoundBatch, cancellation), context.Terminal, parsed.GetValue(json));
                return;
            }

            if (parsed.GetValue(method) is { } asked)
            {
                var entry = backbones.FirstOrDefault(entry => entry.Name == name)
                    ?? throw new UsageException($"--method is for backbones, {names}, at the size of papers; a plan says its own");
                var options = OptionsOf(source.Set);
                var methods = context.Environment.Tables.Methods;
                var profiles = asked is AllMethods ? MethodProfiles.Of(entry, methods.All)
                    : MethodProfiles.Of(entry, [methods.Configured(new MethodConfig { Name = asked, Options = options })], options);
                Print(asked is AllMethods ? profiles with { Compressions = CompressionProfile.Of(entry.Name) } : profiles, context.Terminal, parsed.GetValue(json));
                return;
            }

            var skip = new[] { skipText, skipImage }.Where(option => parsed.GetValue(option) is not null)
                .ToDictionary(static option => option.Name["--skip-".Length..], option => parsed.GetValue(option)!.Value, StringComparer.Ordinal);
            var profile = backbones.FirstOrDefault(entry => entry.Name == name) is { } backbone
                ? isMeasured ? throw new UsageException($"--latency is for plans, and {name} is a backbone")
                    : skip.Count > 0 ? NetworkProfile.OfBackbone(backbone, skip) : NetworkProfile.OfBackbone(backbone)
                : skip.Count > 0 ? throw new UsageException($"--skip-{skip.Keys.First()} is for backbones, {names}; a plan says itself what it skips")
                : File.Exists(name)
                    ? NetworkProfile.OfPlan(context.Environment, source, !isMeasured ? null : parsed.GetValue(unmerged) ? LatencyKind.Unmerged : LatencyKind.Merged)
                    : throw new UsageException(
                        $"'{name}' is neither a file nor a backbone; the backbones are {names}");
            if (parsed.GetValue(json))
            {
                JsonOption.Write(context.Terminal, profile);
            }
            else
            {
                Print(profile, context.Terminal);
            }
        }
    }

    // Of one that is given twice, the last, as everywhere.
    private static Dictionary<string, string> OptionsOf(IEnumerable<string> set)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in set.Select(static one => one[MethodKey.Length..].Split('=', 2) is [{ Length: > 0 } key, var value]
            ? (key, value)
            : throw new UsageException($"--set must be KEY=VALUE, such as method.rank=16, not '{one}'")))
        {
            options[key] = value;
        }

        return options;
    }

    // Settings of plans would change nothing of a backbone, but for those of the one method that is asked about.
    private static void RefuseOfPlans(PlanSource source, string name, bool takesOptions, bool takesCheckpoint)
    {
        var problem = source.Config is not null ? "--config is"
            : source.Checkpoint is not null && !takesCheckpoint ? "--checkpoint is"
            : source.Set.FirstOrDefault(set => !takesOptions || !set.StartsWith(MethodKey, StringComparison.Ordinal)) is { } set ? $"--set {set} is"
            : null;
        if (problem is not null)
        {
            throw new UsageException($"{problem} for plans, and {name} is a backbone, which is profiled as papers do: of it --method NAME takes --set {MethodKey}…");
        }
    }

    private static Option<int?> SkipOption(string stream) => new($"--skip-{stream}")
    {
        Description = $"Skip so many layers of a backbone's {stream} stream, with DAS's adapters in place of them and beside all others.", HelpName = "N",
    };

    private static void Print(MethodProfiles profiles, Terminal terminal, bool json)
    {
        if (json)
        {
            JsonOption.Write(terminal, profiles);
            return;
        }

        var table = new TextTable("method", ">trained parameters", ">published", ">more multiply-accumulates", ">unmerged", ">published", "source");
        foreach (var method in profiles.Methods)
        {
            table.Add(
                method.Method,
                Numbers.Count(method.Parameters),
                method.Published?.Parameters ?? "",
                Numbers.Count(method.MultiplyAccumulates),
                Numbers.Count(method.UnmergedMultiplyAccumulates),
                method.Published?.MultiplyAccumulates ?? "",
                method.Published?.Source ?? "");
        }

        terminal.Write(table);
        if (profiles.Variants.Count > 0)
        {
            terminal.WriteLine("");
            var variants = new TextTable("method", "settings", ">trained parameters", ">published", "source");
            foreach (var variant in profiles.Variants)
            {
                variants.Add(variant.Method, SettingsOf(variant), Numbers.Count(variant.Parameters), variant.Published, variant.Source);
            }

            terminal.Write(variants);
        }

        if (profiles.Compressions.Count > 0)
        {
            terminal.WriteLine("");
            var compressions = new TextTable("PELA (arXiv:2310.10700)", ">κ", "ranks", ">parameters", ">before", ">multiply-accumulates", ">before", "published");
            foreach (var network in profiles.Compressions)
            {
                compressions.Add(
                    network.Network,
                    network.Kappa.ToString(CultureInfo.InvariantCulture),
                    string.Join(", ", network.Ranks),
                    Numbers.Count(network.Parameters),
                    Numbers.Count(network.FullParameters),
                    Numbers.Count(network.MultiplyAccumulates),
                    Numbers.Count(network.FullMultiplyAccumulates),
                    network.Published);
            }

            terminal.Write(compressions);
        }

        if (profiles.Networks.Count > 0)
        {
            terminal.WriteLine("");
            var networks = new TextTable("network", ">layers skipped", ">trained parameters", ">published", "with", "source");
            foreach (var network in profiles.Networks)
            {
                networks.Add(network.Method, Numbers.Count(network.Skipped), Numbers.Count(network.Parameters), network.Published ?? "", network.Beside ?? "", network.Source);
            }

            terminal.Write(networks);
        }

        terminal.WriteLine(
            $"{profiles.Backbone}: {Numbers.Count(profiles.MultiplyAccumulates)} multiply-accumulates a sample without them; "
            + "heads, poolers and modality embeddings, which every method trains, are left out"
            + (profiles.Compressions.Count > 0 ? ", but for PELA's networks, which have ImageNet's classifier" : ""));
    }

    private static string SettingsOf(MethodVariant variant)
    {
        var settings = variant.Settings.Select(static setting => $"{setting.Key}: {setting.Value}");
        return string.Join(", ", variant.LastModules is { } last ? settings.Append($"at the last {last} modules") : settings);
    }

    private static void Check(string name, string? checkpoint, string pixels, Terminal terminal, bool json)
    {
        if (name != "vilt" || checkpoint is null)
        {
            throw new UsageException("values are published of vilt: das profile vilt --checkpoint FILE --check PIXELS");
        }

        var found = CheckpointCheck.Of(checkpoint, pixels);
        if (json)
        {
            JsonOption.Write(terminal, found);
        }
        else
        {
            var table = new TextTable("value", ">published", ">found", "");
            foreach (var value in found.Values)
            {
                table.Add(value.Name, Text(value.Published), Text(value.Found), value.IsRight ? "" : "differs");
            }

            terminal.Write(table);
        }

        var wrong = found.Values.Count(static value => !value.IsRight);
        if (wrong > 0)
        {
            throw new DasSearchException($"{checkpoint} differs from what is published in {wrong} of {found.Values.Count} values");
        }

        static string Text(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
    }

    private static void Print(RoundProfile round, Terminal terminal, bool json)
    {
        if (json)
        {
            JsonOption.Write(terminal, round);
            return;
        }

        var seen = $"texts of {round.TextLength} tokens{(round.ImageSide > 0 ? $" with images of {round.ImageSide} pixels" : "")}";
        terminal.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"peak memory {round.PeakGib:F2} GiB{(round.IsOfRoundAlone ? "" : ", the whole process's")}: one round of a search on {round.Backbone} with random weights, batches of {round.Batch} {seen}, "
            + $"{round.TrainingSteps} training steps and {round.Candidates} candidates that skip {round.Skip}, in {round.Seconds:F1} s"));
    }

    private static void Print(NetworkProfile profile, Terminal terminal)
    {
        var table = profile.IsPlanned
            ? new TextTable("part", "", ">parameters", ">multiply-accumulates", ">planned parameters", ">planned multiply-accumulates")
            : new TextTable("part", ">parameters", ">multiply-accumulates");
        foreach (var part in profile.Parts.Append(profile.Total))
        {
            var (parameters, operations) = (Numbers.Count(part.FullParameters), Numbers.Count(part.FullMultiplyAccumulates));
            if (profile.IsPlanned)
            {
                table.Add(
                    part.Name,
                    part.IsSkipped ? "skipped" : "",
                    parameters,
                    operations,
                    Numbers.Count(part.PlanParameters),
                    Numbers.Count(part.PlanMultiplyAccumulates));
            }
            else
            {
                table.Add(part.Name, parameters, operations);
            }
        }

        terminal.Write(table);
        if (profile.IsPlanned)
        {
            terminal.WriteLine($"multiply-accumulates {Numbers.Change(profile.ChangePercent, profile.Published is null ? 1 : 2)}; heads are left out");
            if (profile.Published is { } published)
            {
                terminal.WriteLine(published);
            }
        }

        if (profile.Latency is { } latency)
        {
            foreach (var line in LatencyText.Lines(latency))
            {
                terminal.WriteLine(line, indent: 24);
            }
        }
    }
}
