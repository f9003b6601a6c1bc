// The search of DAS (arXiv:2309.01479) over a ViLT in plain TorchSharp: what das search is measured against, on the same libtorch.
//
//   usage: TorchSharpSearch SETTINGS.json
//
// The settings are those of pytorch_search.py, and so is what it prints: one JSON object with the gates after each round, the seconds
// until then, those of the whole search, and what it skips. One forward pass after the other, as one would write it down from the paper.
using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using TorchSharp.Modules;
using TorchSharpSearch;
using static TorchSharp.torch;

var settings = JsonNode.Parse(File.ReadAllText(args[0]))!;
using var everything = NewDisposeScope();
manual_seed(Number("seed"));
set_num_threads(Number("threads"));
var (skip, size, answers) = (Number("skip"), Number("batch_size"), Number("answers"));
var (train, validation) = (Split("train"), Split("validation"));
var network = new Supernet(
    ReadSafetensors((string)settings["checkpoint"]!), Number("heads"), answers, Number("skip_bottleneck"), Number("parallel_bottleneck"));
var trained = network.parameters().Where(parameter => parameter.requires_grad).ToLookup(parameter => parameter.dim() >= 2);
var optimizer = optim.AdamW(
    [
        new AdamW.ParamGroup(trained[true], beta2: 0.98, eps: 1e-8, weight_decay: 0.01),
        new AdamW.ParamGroup(trained[false], beta2: 0.98, eps: 1e-8, weight_decay: 0),
    ]);
var samples = train[0].size(0);
var perEpoch = (samples + size - 1) / size;
var steps = Number("epochs") * perEpoch;
var warmUp = steps / 10;
var gates = new double[network.Layers];
var scored = train[0].size(0) > 0 ? Batch(validation, arange(Number("validation_batch"))) : [];
var rounds = new JsonArray();
var first = Number("warm_up_epochs") * perEpoch;
var count = 0L;
var clock = Stopwatch.StartNew();
for (var epoch = 0; epoch < Number("epochs"); epoch++)
{
    using var order = randperm(samples, ScalarType.Int64);
    foreach (var rows in order.split(size))
    {
        using var scope = NewDisposeScope();
        var skipped = Draw();
        if (count >= first && (count - first) % Number("steps_between_rounds") == 0)
        {
            PlayRound();
            rounds.Add(new JsonObject { ["seconds"] = clock.Elapsed.TotalSeconds, ["gates"] = new JsonArray([.. gates.Select(gate => JsonValue.Create(gate))]) });
        }

        var loss = Loss(Batch(train, rows), skipped);
        optimizer.zero_grad();
        loss.backward();
        foreach (var group in optimizer.ParamGroups)
        {
            var factor = count < warmUp ? (double)count / Math.Max(1, warmUp) : (double)(steps - count) / Math.Max(1, steps - warmUp);
            group.LearningRate = (double)settings["learning_rate"]! * factor;
        }

        optimizer.step();
        count++;
    }

    Evaluate(Chosen());
}

Console.WriteLine(new JsonObject
{
    ["seconds"] = clock.Elapsed.TotalSeconds,
    ["rounds"] = rounds,
    ["skip"] = new JsonArray([.. Chosen().Order().Select(i => JsonValue.Create(i))]),
}.ToJsonString());

int Number(string key) => (int)settings[key]!;

Tensor Loss(Tensor[] batch, IReadOnlySet<int> skipped) =>
    nn.functional.binary_cross_entropy_with_logits(network.Run(batch[0], batch[1], batch[2], skipped), batch[3]) * answers;

HashSet<int> Draw()
{
    using var scope = NewDisposeScope();
    return [.. tensor(gates).sigmoid().multinomial(skip).data<long>().Select(i => (int)i)];
}

HashSet<int> Chosen() => [.. Enumerable.Range(0, gates.Length).OrderByDescending(i => gates[i]).ThenByDescending(i => i).Take(skip)];

void PlayRound()
{
    network.eval();
    using (no_grad())
    {
        var candidates = Enumerable.Range(0, Number("candidates")).Select(_ => Draw()).ToList();
        var rewards = candidates.ConvertAll(candidate => Math.Exp(-Loss(scored, candidate).item<float>()));
        var slopes = gates.Select(gate => 1 / (1 + Math.Exp(-gate))).Select(p => p * (1 - p)).ToArray();
        foreach (var (candidate, reward) in candidates.Zip(rewards))
        {
            foreach (var i in candidate)
            {
                gates[i] += (reward - rewards.Average()) * slopes[i];
            }
        }
    }

    network.train();
}

void Evaluate(IReadOnlySet<int> skipped)
{
    network.eval();
    using (no_grad())
    {
        foreach (var rows in arange(validation[0].size(0)).split(size))
        {
            using var scope = NewDisposeScope();
            _ = Loss(Batch(validation, rows), skipped).item<float>();
        }
    }

    network.train();
}

static Tensor[] Batch(Tensor[] split, Tensor rows) => [.. split.Select(part => part.index_select(0, rows))];

// Ids, mask, images and targets.
Tensor[] Split(string name)
{
    var (rows, text) = ((long)Number(name), (long)Number("text_length"));
    return
    [
        frombuffer(Read<long>("ids"), ScalarType.Int64).reshape(rows, text),
        frombuffer(Read<bool>("mask"), ScalarType.Bool).reshape(rows, text),
        frombuffer(Read<float>("images"), ScalarType.Float32).reshape(rows, 3, 56, 56),
        frombuffer(Read<float>("targets"), ScalarType.Float32).reshape(rows, answers),
    ];

    T[] Read<T>(string part)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(Path.Combine((string)settings["data"]!, $"{name}.{part}"))).ToArray();
}

static Dictionary<string, Tensor> ReadSafetensors(string path)
{
    var file = File.ReadAllBytes(path);
    var length = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
    var header = JsonDocument.Parse(file.AsMemory(8, length)).RootElement;
    return header.EnumerateObject().Where(entry => entry.Name != "__metadata__").ToDictionary(entry => entry.Name, entry =>
    {
        long[] Numbers(string key) => [.. entry.Value.GetProperty(key).EnumerateArray().Select(number => number.GetInt64())];
        var places = Numbers("data_offsets");
        var bytes = file.AsSpan(8 + length + (int)places[0], (int)(places[1] - places[0]));
        return tensor(MemoryMarshal.Cast<byte, float>(bytes).ToArray()).reshape(Numbers("shape"));
    });
}
