using System.Text;
using DasSearch.Core;
using DasSearch.Core.Plans;
using DasSearch.Exports.Tests.Support;
using DasSearch.Formats;
using DasSearch.Fuzzing;

namespace DasSearch.Exports.Tests;

/// <summary>Plans from what the authors' code prints, is given, and saves.</summary>
public sealed class PlanImportTests : IDisposable
{
    // As METER prints while it searches, on a terminal of PyTorch's width: gates every 50 rounds, the choice after each epoch.
    private const string MeterSearch = """
        extra parameter:10734336
        Epoch 1:  40%|████      | 400/1000 [10:00<15:00,  1.50s/it, loss=4.21, v_num=3]
        tensor([ 1.2034e-03, -4.0000e-04,  0.0000e+00,  2.1000e-03, -3.1000e-05,
                 7.5000e-04, -1.0000e-03,  9.1000e-04,  3.3000e-04, -2.2000e-04,
                 5.0000e-05, -8.0000e-04], device='cuda:0')
        tensor([8, 5, 7, 3], device='cuda:0')
        Epoch 2: 100%|██████████| 1000/1000 [25:00<00:00,  1.50s/it, loss=3.97, v_num=3]
        tensor([ 0.0012, -0.0004,  0.0131,  0.0121, -0.0031,  0.0075, -0.0100,  0.0091,
                 0.0033, -0.0022,  0.0005,  0.0180], device='cuda:0')
        tensor([ 7,  3,  2, 11], device='cuda:0')
        {'vqa/train/score_epoch': tensor(0.5123, device='cuda:0'), 'sizes': tensor([[3, 4], [5, 6]])}

        """;

    // As METER prints before it tests: the choice, then the gates in halves, whose labels are swapped.
    private const string MeterTest = """

        tensor([ 7,  3,  2, 11])
        Fusion Image tensor([ 0.0012, -0.0004,  0.0131,  0.0121, -0.0031,  0.0075])
        Fusion Text  tensor([-0.0100,  0.0091,  0.0033, -0.0022,  0.0005,  0.0180])
        Encoder Text tensor([])

        """;

    private readonly Workbench _bench = new();

    public static TheoryData<string, string, int[]> Published => new()
    {
        { "lavin", "[24,27,25,22]", [22, 24, 25, 27] },
        { "lavin", "--skip_list '[18, 26, 22, 19, 29, 27]' --nas_epoch 0", [18, 19, 22, 26, 27, 29] },
        { "llava", "skip_list = [21, 24, 25, 26]", [21, 24, 25, 26] },
        { "llava", "[7,17,23,29]", [7, 17, 23, 29] },
        { "llava", "[23,17,8,7]", [7, 8, 17, 23] },
        { "meter", "skip_module=[0,3,7,9]", [0, 3, 7, 9] },
        { "vilt", "\"skip_module\": [3]", [3] },
    };

    public void Dispose() => _bench.Dispose();

    [Theory]
    [MemberData(nameof(Published))]
    public void List_AsPublished_IsASet(string backbone, string source, int[] expected)
    {
        var plan = Import(source, backbone).Plan;
        Assert.Equal(expected, OfficialModels.Named(backbone).GatesOf(plan));
        Assert.Equal((backbone, null), (plan.Backbone, plan.Accounting));
        Assert.Equal(PlanFile.Format(plan), PlanFile.Format(PlanFile.Parse(PlanFile.Format(plan), "plan")));
    }

    [Fact]
    public void Log_OfASearch_HasTheLastChoice()
    {
        var plan = Import(_bench.Write("search.log", MeterSearch), "meter").Plan;
        Assert.Equal(
            [(3, "cross_modal_image_layers.1"), (4, "cross_modal_text_layers.2"), (6, "cross_modal_text_layers.3"), (11, "cross_modal_image_layers.5")],
            plan.Skip.Select(module => (module.Index, module.Module)));
        Assert.All(plan.Skip, static module => Assert.Equal(ModuleKind.CrossLayer, module.Kind));
        Assert.Equal((4, 8 * 3), (plan.Adapters.Count(static adapter => adapter.Bottleneck == 288), plan.Adapters.Count(static adapter => adapter.Bottleneck == 96)));
    }

    [Theory]
    [InlineData(MeterSearch)]
    [InlineData(MeterTest)]
    public void Log_AnotherCount_TakesTheLargestOfTheLastGates(string log)
    {
        // 11 (0.0180) and 2 (0.0131): the halves are put together in their order, whatever they are called.
        var plan = Import(_bench.Write("meter.log", log), "meter", skip: 2).Plan;
        Assert.Equal(["cross_modal_text_layers.2", "cross_modal_image_layers.5"], plan.Skip.Select(module => module.Module));
    }

    [Fact]
    public void Log_WithWindowsLineEnds_IsTheSame() =>
        Assert.Equal([2, 3, 7, 11], Indices(Import(_bench.Write("search.log", MeterSearch.ReplaceLineEndings("\r\n")), "meter")));

    [Fact]
    public void Log_OfLavin_HasProbabilitiesForGates()
    {
        var probabilities = string.Join(", ", Enumerable.Range(0, 32).Select(i => i is 5 or 9 ? "0.5012" : "0.5000"));
        var log = _bench.Write("lavin.log", $"[]\ntensor([{probabilities}], device='cuda:0', grad_fn=<SigmoidBackward0>)\n");
        Assert.Equal([5, 9], Indices(Import(log, "lavin", skip: 2)));
        Assert.Contains("does not say how many modules to skip: --skip M does", Refusal(log, "lavin"), StringComparison.Ordinal);
    }

    [Fact]
    public void Log_PrintedAlike_TakesTheLargerIndexAndSaysSo()
    {
        var log = _bench.Write("vilt.log", "tensor([0.1, 0.3, 0.2, 0.2, 0., 0., 0., 0., 0., 0.2, 0., 0.])");
        var result = Import(log, "vilt", skip: 2);
        Assert.Equal([1, 9], Indices(result));
        Assert.Contains("the gates cannot tell 2, 3 from 9: the larger index was taken", result.Notes);
    }

    [Fact]
    public void Vilt_Adapters_AreThoseOfTheAuthorsCode()
    {
        var plan = Import("skip_module=[3,5]", "vilt").Plan;
        Assert.Equal(MadeUpPlans.Vilt("3,5").Adapters, plan.Adapters);
    }

    [Fact]
    public void Script_WithCommentedLists_HasTheOneThatCounts()
    {
        var script = _bench.Write("train.py", "# skip_list = [7,17,23,29] # aid20\nskip_list = [21, 24, 25, 26]\n");
        Assert.Equal([21, 24, 25, 26], Indices(Import(script, "llava")));
        var both = _bench.Write("both.py", "skip_list = [7,17,23,29]\nskip_list = [21, 24, 25, 26]\n");
        Assert.Equal(
            $"{both} has several lists, [7,17,23,29] in line 1 and [21,24,25,26] in line 2: give the one that is meant instead of the file", Refusal(both, "llava"));
    }

    // Case 18, and its kind: lists as Python, YAML and shells write them.
    [Theory]
    [InlineData("if training_args.finetuning:\n    # skip_list = [7, 17] # other data\n    skip_list = [3, 8, 9]\nelse:\n    skip_list = []\n", 3)]
    [InlineData("skip_list = [\n    3,  # attention\n    8,\n    9,\n]\n", 1)]
    [InlineData("skip_list = [\r\n    3,# 4\r\n    8,\r\n    9\r\n]\r\n", 1)]
    [InlineData("skip_list = [3#4\n, 8, 9,]\n", 1)]
    [InlineData("skip_list = [int(word) for word in text.split(',')]\n# chosen:\nskip_list = [3, 8, 9]\n", 3)]
    [InlineData("skip_list = [x[0] for x in pairs]; skip_list = [3, 8, 9]\n", 1)]
    [InlineData("python train.py --data \"/data/run#3\" --skip_list '[3, 8, 9]'\n", 1)]
    [InlineData("python train.py --data /data/run#3 --skip_list '[3, 8, 9]'\n", 1)]
    [InlineData("# python train.py --skip_list '[1]'\npython train.py \\\n  --skip_list \\\n  '[3, 8, 9]' \\\n  --seed 3\n", 3)]
    [InlineData("python train.py --skip_list 3 8 9 --nas_epoch 0\n", 1)]
    [InlineData("python train.py --skip_list=3,8,9 --nas_epoch 0\n", 1)]
    [InlineData("python run_train.py with skip_module=\\[3,8,9\\] seed=1\n", 1)]
    [InlineData("python run_train.py with 'skip_module=[3,8,9]' seed=1\n", 1)]
    [InlineData("skip_list=(3 8 9)\n", 1)]
    [InlineData("skip_list = (3, 8, 9)\n", 1)]
    [InlineData("skip_list = {3, 8, 9}\n", 1)]
    [InlineData("skip_list: List[int] = [3, 8, 9]\n", 1)]
    [InlineData("skip_list: list[int] | None = None\nargs.skip_list = np.array([3, 8, 9])\n", 2)]
    [InlineData("config['skip_list'] = sorted([9, 3, 8])\n", 1)]
    [InlineData("skip_list = ast.literal_eval('[3, 8, 9]')\n", 1)]
    [InlineData("skip_list = \"3,8,9\"\n", 1)]
    [InlineData("{\"lr\": 1, \"skip_module\": [3, 8, 9]}", 1)]
    [InlineData("other:\n  - 1\nskip_module:\n  - 3\n  - 8\n  - 9\nlast: [1]\n", 3)]
    [InlineData("skip_module:\nother: [1]\nskip_list: ['3', '8', '9']\n", 3)]
    [InlineData("it's the one\nskip_list = [3, 8, 9] # that's it\n", 2)]
    [InlineData("if skip_list == [1] or skip_list != [2]:\n    skip_list = [3, 8, 9]\n", 2)]
    [InlineData("skip_list = [1] if small else [2]\nskip_list = [3, 8, 9]\n", 2)]
    [InlineData("Namespace(lr=1e-4, skip_list='[3, 8, 9]', skipped_num=4, skip_num=4)\n", 1)]
    [InlineData("no_skip_list = [1]\nskip_lists = [2]\nskip_list = [3, 8, 9]\n", 3)]
    public void Script_ListAsSomebodyWritesIt_IsThatList(string script, int line)
    {
        var path = _bench.Write("script.py", script);
        var result = Import(path, "llava");
        Assert.Equal([3, 8, 9], Indices(result));
        Assert.StartsWith($"the list was taken from {path}:{line}, '", result.Notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("skip_list = []\n", "script.py has an empty list: it skips nothing")]
    [InlineData("skip_list = [int(word) for word in words]\n", "script.py:1 computes its list, 'skip_list = [int(word) for word in words]', and das does not run it: give the list itself instead of the file")]
    [InlineData("skip_list = [1] + [2]\n", "script.py:1 computes its list, ")]
    [InlineData("\nskip_list = [3, 8.5]\n", "script.py:2: '8.5' in the list [3, 8.5] is no module's index")]
    [InlineData("skip_list = [[3, 8], [9]]\n", "script.py:1: '[3' in the list [[3, 8], [9]] is no module's index")]
    [InlineData("skip_list = [3, 32]\n", "script.py:1: the list names module 32, expected indices from 0 to 31")]
    [InlineData("skip_list = args.skip_list\nif skip_list == [3]:\n    pass\n", "has neither 32 gates nor a choice of modules")]
    public void Script_WithoutASoundList_SaysWhatItHas(string script, string expected) =>
        Assert.Contains(expected, Refusal(_bench.Write("script.py", script), "llava"), StringComparison.Ordinal);

    // Case 17: a search that died before it chose anything, with the defaults of the authors' config.py.
    [Fact]
    public void Log_WithTheSettingsOfASearchAlone_IsRefused()
    {
        const string Start = "INFO - METER - Running command 'main'\nConfiguration (modified, added, typechanged, doc):\n  max_epoch = 10\n";
        var log = _bench.Write("search.log", Start + "  skip_module = [0, 1, 2, 3]\n  skip_num = 4\nINFO - METER - Started\nRuntimeError: CUDA out of memory\n");
        Assert.Equal(
            $"{log}:4 has 'skip_module = [0, 1, 2, 3]' among the settings of a search, which has the number of modules to skip beside it and does not use the list, "
            + $"and there is no choice in {log}: if the list is meant, give it itself, as '[0,1,2,3]'",
            Refusal(log, "meter"));
        Assert.Contains(":1 has '", Refusal(_bench.Write("config.json", "{\"skip_module\": [0, 1, 2, 3], \"skip_num\": 4}"), "meter"), StringComparison.Ordinal);

        // What it printed later, or was told on its command line, is a choice.
        var told = _bench.Write("told.log", "python run_train.py with skip_module=[0,3,7,9]\n" + Start + "  skip_module = [0, 1, 2, 3]\n  skip_num = 4\n");
        Assert.Equal([0, 3, 7, 9], Indices(Import(told, "meter")));
        var chose = _bench.Write("chose.log", File.ReadAllText(log) + "tensor([8, 5, 7, 3], device='cuda:0')\n");
        var result = Import(chose, "meter");
        Assert.Equal([3, 5, 7, 8], Indices(result));
        Assert.Equal($"the choice was taken from {chose}:8, the last that was printed", result.Notes[0]);

        // A training skips what its setting says.
        var trained = _bench.Write("trained.log", Start + "  skip_module = [0, 3, 7, 9]\n  skip_num = 0\n");
        result = Import(trained, "meter");
        Assert.Equal([0, 3, 7, 9], Indices(result));
        Assert.Equal(
            $"the list was taken from {trained}:4, 'skip_module = [0, 3, 7, 9]', a setting: there is no choice that a search printed", result.Notes[0]);
    }

    [Theory]
    [InlineData("vilt")]
    [InlineData("lavin")]
    [InlineData("llava")]
    public void ArgumentsThatDasWrites_AreReadBack(string backbone)
    {
        var plan = backbone == "vilt" ? MadeUpPlans.Vilt("3,5") : MadeUpPlans.Decoder(backbone, "3,5");
        var path = _bench.PathOf("official.txt");
        new DasOfficialExporter().Export(new ExportRequest(plan, "plan.json", path, null, null, new Dictionary<string, string>()));
        Assert.Equal([3, 5], Indices(Import(path, backbone)));
    }

    [Fact]
    public void Checkpoint_OfPyTorch_IsReadAsItIs() =>
        Assert.Equal([10, 11], Indices(Import(Path.Combine(AppContext.BaseDirectory, "Fixtures", "gates.ckpt"), "vilt")));

    // Case 16.
    [Fact]
    public void Source_ThatIsSomethingElse_SaysWhat()
    {
        File.WriteAllBytes(_bench.PathOf("last.ckpt"), [0x80, 2, .. "}q."u8]);
        Assert.Contains("last.ckpt is a PyTorch file (pickle), not a log or a script: das does not open plain pickles, since they can run code", Refusal(_bench.PathOf("last.ckpt"), "vilt"), StringComparison.Ordinal);
        var page = _bench.Write("page.safetensors", "<!DOCTYPE html><html></html>");
        Assert.Equal($"{page} is a web page (HTML), not a checkpoint: download the file itself", Refusal(page, "vilt"));
        Assert.Contains("is a folder: name a file in it", Refusal(_bench.PathOf("."), "vilt"), StringComparison.Ordinal);

        // What it is called is not what it is.
        Checkpoint("F32", [.. Enumerable.Range(0, 12).Select(static i => (float)i)], ("skip_num", 2));
        File.Copy(_bench.PathOf("gates.safetensors"), _bench.PathOf("gates.bin"));
        Assert.Equal([10, 11], Indices(Import(_bench.PathOf("gates.bin"), "vilt")));
    }

    [Fact]
    public void Source_OfAnyBytes_IsReadOrRefusedInASentence()
    {
        Checkpoint("F32", new float[12], ("skip_num", 2));
        var gates = File.ReadAllBytes(_bench.PathOf("gates.safetensors"));
        byte[][] logs =
        [
            Encoding.UTF8.GetBytes(MeterSearch),
            Encoding.UTF8.GetBytes(MeterTest),
            Encoding.UTF8.GetBytes("  skip_module = [0, 3, 7, 9]\n  skip_num = 0\nEpoch 0: 12%|#2   | 118/982\n"),
        ];
        Fuzz.Check("log", 400, logs, file => Read("fuzz.log", file));
        byte[][] scripts =
        [
            Encoding.UTF8.GetBytes("if a:\n    skip_list = [\n        3,  # one\n        8,\n    ]\nelse:\n    skip_list = []\n"),
            Encoding.UTF8.GetBytes("python train.py --data \"/data/run#3\" --skip_list '[3, 8]' # that's it\n"),
            Encoding.UTF8.GetBytes("skip_module:\n  - 3\n  - 8\nlr: 1e-4\n"),
        ];
        Fuzz.Check("script", 400, scripts, file => Read("fuzz.py", file));
        Fuzz.Check("gates", 200, [gates], file => Read("fuzz.safetensors", file));

        void Read(string name, byte[] file)
        {
            File.WriteAllBytes(_bench.PathOf(name), file);
            Import(_bench.PathOf(name), "meter");
        }
    }

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    public void Checkpoint_Gates_AreChosenByTheirSize(string type)
    {
        var gates = new float[12];
        (gates[4], gates[7], gates[10]) = (0.5f, 0.25f, 1);
        Checkpoint(type, gates, ("skip_num", 2));

        Assert.Equal([4, 10], Indices(Import(_bench.PathOf("gates.safetensors"), "meter")));
        Assert.Equal([4, 7, 10], Indices(Import(_bench.PathOf("gates.safetensors"), "meter", skip: 3)));
        Assert.Equal("cross_modal_image_layers.1", Import(_bench.PathOf("gates.safetensors"), "meter", skip: 3).Plan.Skip[0].Module);
    }

    [Fact]
    public void Checkpoint_GatesThatAreNoNumbers_AreRefused()
    {
        var gates = new float[12];
        gates[4] = float.NaN;
        Checkpoint("F32", gates, ("other", 0));
        var file = _bench.PathOf("gates.safetensors");
        Assert.Equal($"{file}: model.das_gate: gate 4 is NaN, expected a finite number", Refusal(file, "vilt", skip: 2));
        Checkpoint("F32", new float[24], ("other", 0));
        Assert.Contains("has 24 gates, but vilt has 12 modules", Refusal(file, "vilt", skip: 2), StringComparison.Ordinal);
        Checkpoint("F32", new float[12], ("skip_num", 2.5f));
        Assert.Contains("has skip_num of 2.5, expected a number of modules", Refusal(file, "vilt"), StringComparison.Ordinal);
        Checkpoint("F32", new float[12], ("other.scores", 0));
        Assert.Contains("has several tensors of gates: model.das_gate, other.scores", Refusal(file, "vilt"), StringComparison.Ordinal);
        SafetensorsFile.Write(
            _bench.PathOf("none.safetensors"), [WeightTensor.Of("weight", [1], [0])], new Dictionary<string, string>());
        Assert.Contains("has no tensor das_gate or scores", Refusal(_bench.PathOf("none.safetensors"), "vilt"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 255, 255, 255, 255, 127, 123, 125 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 91, 93 })]
    public void Checkpoint_ThatIsNone_IsRefused(byte[] bytes)
    {
        File.WriteAllBytes(_bench.PathOf("bad.safetensors"), bytes);
        Assert.Contains("is no safetensors file", Refusal(_bench.PathOf("bad.safetensors"), "vilt"), StringComparison.Ordinal);
    }

    [Fact]
    public void Checkpoint_CutOff_IsRefusedWhereverItEnds()
    {
        Checkpoint("F32", new float[12], ("skip_num", 2));
        var whole = File.ReadAllBytes(_bench.PathOf("gates.safetensors"));
        foreach (var length in Enumerable.Range(0, whole.Length))
        {
            File.WriteAllBytes(_bench.PathOf("cut.safetensors"), whole[..length]);
            Assert.Contains("cut.safetensors", Refusal(_bench.PathOf("cut.safetensors"), "vilt"), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[3,12]", "the list: the list names module 12, expected indices from 0 to 11")]
    [InlineData("[3,-1]", "the list: the list names module -1, expected indices from 0 to 11")]
    [InlineData("[3,3]", "the list: the list names module 3 twice")]
    [InlineData("[3,,4]", "the list: '' in the list [3,,4] is no module's index")]
    [InlineData("[3,x]", "the list: 'x' in the list [3,x] is no module's index")]
    [InlineData("[]", "the list has an empty list: it skips nothing")]
    [InlineData("[0,1,2,3,4,5,6,7,8,9,10,11]", "the list names all 12 modules: nothing would be left")]
    [InlineData("vqa.log", "there is no file vqa.log, nor is it a list such as skip_module=[3,7]")]
    [InlineData("modules[3]", "there is no file modules[3], nor is it a list such as skip_module=[3,7]")]
    public void Source_ThatSaysNothingSound_IsRefused(string source, string expected) => Assert.Equal(expected, Refusal(source, "vilt"));

    [Fact]
    public void Source_AndRequestThatContradict_AreRefused()
    {
        Assert.Equal("the list names 2 modules and has no gates to choose 3 by", Refusal("[3,5]", "vilt", skip: 3));
        Assert.Equal("--skip must be from 0 to 11, since vilt has 12 modules, not 12", Refusal("[3,5]", "vilt", skip: 12));
        var log = _bench.Write("empty.log", "loss 3.2\n");
        Assert.Equal(
            $"{log} has neither 12 gates nor a choice of modules as tensor([…]), nor a list such as skip_module=[3,7]",
            Refusal(log, "vilt"));
        var other = _bench.Write("lavin.log", "tensor([24, 27])");
        Assert.Equal($"{other}:1: the list names module 24, expected indices from 0 to 11", Refusal(other, "vilt"));
        Assert.Contains("meter has 2 lists of layers", Refusal("[1]", "meter", modules: 7), StringComparison.Ordinal);
        Assert.Contains("a backbone has from 2 to 4096 modules, not 1", Refusal("[1]", "vilt", modules: 1), StringComparison.Ordinal);
    }

    [Fact]
    public void Modules_OfAnotherSize_CountAsGiven() =>
        Assert.Equal([33, 35], Indices(Import("[35,33]", "lavin", modules: 40)));

    // As the authors' code numbers them.
    private static IReadOnlyList<int> Indices(ImportResult result) => OfficialModels.Named(result.Plan.Backbone).GatesOf(result.Plan);

    private static ImportResult Import(string source, string backbone, int? skip = null, int? modules = null)
    {
        var provenance = new PlanProvenance(null, null, null, null, "0.1.0", null, null);
        return PlanImport.Run(new ImportRequest(source, null, OfficialModels.Named(backbone), modules, skip, "a task", provenance));
    }

    private static string Refusal(string source, string backbone, int? skip = null, int? modules = null) =>
        Assert.ThrowsAny<DasSearchException>(() => Import(source, backbone, skip, modules)).Message;

    private void Checkpoint(string type, float[] gates, (string Name, float Value) extra)
    {
        byte[] bytes = type switch
        {
            "F16" => [.. gates.SelectMany(gate => BitConverter.GetBytes((Half)gate))],
            "BF16" => [.. gates.SelectMany(gate => BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits(gate) >> 16)))],
            _ => [.. gates.SelectMany(BitConverter.GetBytes)],
        };
        SafetensorsFile.Write(
            _bench.PathOf("gates.safetensors"),
            [WeightTensor.Of("model.das_gate", type, [gates.Length], bytes), WeightTensor.Of(extra.Name, [1], [extra.Value])],
            new Dictionary<string, string>());
    }
}
