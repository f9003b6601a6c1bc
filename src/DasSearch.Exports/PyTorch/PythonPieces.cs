using System.Globalization;
using System.Text;
using DasSearch.Core;

namespace DasSearch.Exports;

/// <summary>What stands at a network's places, as Python: a class for each kind, of which a file has those that it needs.</summary>
internal static class PythonPieces
{
    /// <summary>The classes of a network's pieces; nothing where there are none.</summary>
    internal static string Code(PlannedVilt network) => string.Join(
        "\n\n", network.Pieces.Select(static piece => FileOf(piece.Kind)).Distinct().Order(StringComparer.Ordinal).Select(Read));

    /// <summary>A Python file of this assembly.</summary>
    internal static string Read(string name)
    {
        using var resource = typeof(PythonPieces).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(resource, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>A piece: its class, its name, its place and its sizes.</summary>
    internal static string Entry(PlannedPiece piece, PlannedVilt network)
    {
        var (reads, scale) = (PythonPlan.Text(EnumNames.NameOf(piece.Reads)), piece.Scale.ToString("R", CultureInfo.InvariantCulture));
        var (type, sizes) = piece.Kind switch
        {
            PieceKind.Adapter => ("AdapterBeside", $"{Adapter()}, reads={reads}"),
            PieceKind.AdapterInPlace => ("AdapterInPlace", Adapter()),
            PieceKind.Lora => (
                "Lora", $"width={Size("lora_A.query.weight", 1)}, ranks=dict(query={Size("lora_A.query.weight")}, value={Size("lora_A.value.weight")}), scale={scale}"),
            PieceKind.ScaleShift => ("ScaleShift", $"width={Size("ssf_scale")}"),
            PieceKind.Apt => ("Apt", $"width={Size("mm_tokens", 1)}, tokens={Size("mm_tokens")}, inner=[{Inner()}], alpha={PythonPlan.Text(piece.Alpha ?? "")}"),
            PieceKind.Channels => ("Channels", $"channels={Size("weight")}, bias={(Has("bias") ? "True" : "False")}, reads={reads}"),
            PieceKind.Prompts => ("Prompts", $"width={Size("prompts", 1)}, tokens={Size("prompts")}"),
            PieceKind.StayingPrompts => ("StayingPrompts", $"width={Size("0", 1)}, tokens={Size("0")}"),
            PieceKind.ClassToken => ("ClassToken", $"width={Size("token4classifier", 2)}"),
            PieceKind.Pia => ("Pia", Convolutions()),
            PieceKind.PiaInPlace => ("PiaInPlace", Convolutions()),
            _ => throw new ArgumentOutOfRangeException(nameof(piece), piece.Kind, "There is no class for it."),
        };
        return $"({PythonPlan.Text(type)}, {PythonPlan.Text(piece.Name)}, {PythonPlan.Text(piece.Place)}, dict({sizes}))";

        bool Has(string weight) => network.Weights.ContainsKey(piece.Of(weight));

        string Size(string weight, int dimension = 0) => network.Weights[piece.Of(weight)].Shape[dimension].ToString(CultureInfo.InvariantCulture);

        string Adapter() => $"width={Size("down_proj.weight", 1)}, bottleneck={Size("down_proj.weight")}, scale={scale}, "
            + $"norm={(Has("adapter_layer_norm_before.weight") ? "True" : "False")}";

        string Convolutions() => $"width={Size("conv_A.weight", 1)}, inner={Size("conv_A.weight")}, scale={scale}";

        string Inner() => string.Join(", ", PlannedPiece.KeyLayers.Select(static layer => layer + ".weight").Where(Has).Select(weight => Size(weight)));
    }

    private static string FileOf(PieceKind kind) => kind switch
    {
        PieceKind.Adapter or PieceKind.AdapterInPlace => "adapter.py",
        PieceKind.Lora => "lora.py",
        PieceKind.ScaleShift => "scale_shift.py",
        PieceKind.Apt => "apt.py",
        PieceKind.Channels => "channels.py",
        PieceKind.Prompts => "prompts.py",
        PieceKind.StayingPrompts => "staying_prompts.py",
        PieceKind.ClassToken => "class_token.py",
        _ => "pia.py",
    };
}
