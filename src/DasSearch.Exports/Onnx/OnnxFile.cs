using DasSearch.Formats;
using Google.Protobuf;

namespace DasSearch.Exports;

/// <summary>Writes a graph as an ONNX file.</summary>
/// <remarks>
/// The messages and the numbers of their fields are those of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto; only
/// what is used here is known here. Version 8 of the format goes with version 17 of the operator set.
/// </remarks>
internal static class OnnxFile
{
    /// <summary>The largest message that protocol buffers allow; larger models need their weights beside them.</summary>
    internal const long MaximumBytes = int.MaxValue;

    private const int FormatVersion = 8;

    /// <summary>Models that das wrote, among other files: their first fields are the version and who made them.</summary>
    internal static OutputKind Kind { get; } = OutputKind.Begins("ONNX model", "^\u0008\u0008\u0012\u0003das");

    /// <summary>Writes the file as a whole; the same graph gives the same bytes.</summary>
    /// <param name="facts">Free texts by name, in the order in which they are written.</param>
    /// <exception cref="ExportException">The model is larger than one file can be.</exception>
    /// <exception cref="OutputException">The file cannot be written.</exception>
    internal static void Write(
        string path, NetworkGraph graph, string name, string producerVersion, IEnumerable<KeyValuePair<string, string>> facts)
    {
        var model = Model(graph, name, producerVersion, facts);
        if (model.Size > MaximumBytes)
        {
            throw new ExportException($"the network would take {model.Size} bytes, but one ONNX file holds at most {MaximumBytes}");
        }

        OutputFile.Write(path, file =>
        {
            var output = new CodedOutputStream(file, leaveOpen: true);
            model.WriteTo(output);
            output.Flush();
        });
    }

    private static ProtoMessage Model(
        NetworkGraph graph, string name, string producerVersion, IEnumerable<KeyValuePair<string, string>> facts)
    {
        var model = new ProtoMessage()
            .Add(1, FormatVersion)
            .Add(2, "das")
            .Add(3, producerVersion)
            .Add(7, Graph(graph, name))
            .Add(8, new ProtoMessage().Add(1, "").Add(2, NetworkGraph.Version)); // The operators of ONNX itself have no domain.
        foreach (var (key, value) in facts)
        {
            model.Add(14, new ProtoMessage().Add(1, key).Add(2, value));
        }

        return model;
    }

    private static ProtoMessage Graph(NetworkGraph graph, string name)
    {
        var message = new ProtoMessage();
        AddAll(message, 1, graph.Nodes.Select(Node));
        message.Add(2, name);
        AddAll(message, 5, graph.Tensors.Select(Tensor));
        AddAll(message, 11, graph.Inputs.Select(Value));
        AddAll(message, 12, graph.Outputs.Select(Value));
        return message;
    }

    private static ProtoMessage Node(OnnxNode node)
    {
        var message = new ProtoMessage();
        foreach (var input in node.Inputs)
        {
            message.Add(1, input);
        }

        message.Add(2, node.Output).Add(3, node.Name).Add(4, node.Operation);
        AddAll(message, 5, node.Attributes.Select(Attribute));
        return message;
    }

    private static ProtoMessage Attribute(OnnxAttribute attribute)
    {
        const int Float = 1, Integer = 2, Integers = 7;
        var message = new ProtoMessage().Add(1, attribute.Name);
        if (attribute.Number is { } number)
        {
            return message.Add(2, number).Add(20, Float);
        }

        if (attribute.Integer is { } integer)
        {
            return message.Add(3, integer).Add(20, Integer);
        }

        foreach (var item in attribute.Integers!)
        {
            message.Add(8, item);
        }

        return message.Add(20, Integers);
    }

    private static ProtoMessage Tensor(OnnxTensor tensor)
    {
        var message = new ProtoMessage();
        foreach (var size in tensor.Shape)
        {
            message.Add(1, size);
        }

        return message.Add(2, (long)tensor.Type).Add(8, tensor.Name).Add(9, tensor.Bytes, tensor.Read);
    }

    private static ProtoMessage Value(OnnxValue value)
    {
        var shape = new ProtoMessage();
        AddAll(shape, 1, value.Shape.Select(static size =>
            size.Fixed is { } number ? new ProtoMessage().Add(1, number) : new ProtoMessage().Add(2, size.Name!)));
        var tensorType = new ProtoMessage().Add(1, (long)value.Type).Add(2, shape);
        return new ProtoMessage().Add(1, value.Name).Add(2, new ProtoMessage().Add(1, tensorType)).Add(3, value.Meaning);
    }

    private static void AddAll(ProtoMessage message, int field, IEnumerable<ProtoMessage> parts)
    {
        foreach (var part in parts)
        {
            message.Add(field, part);
        }
    }
}

/// <summary>A message of protocol buffers under construction: fields by their numbers, in the order in which they are added.</summary>
/// <remarks>
/// A field's size is known as soon as it is added, since a message is written after its length. Large contents are only
/// asked for when they are written.
/// </remarks>
internal sealed class ProtoMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>Bytes that the message takes, without its own length.</summary>
    internal long Size { get; private set; }

    internal ProtoMessage Add(int field, long value) => Add(
        field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    internal ProtoMessage Add(int field, float value) => Add(
        field, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    internal ProtoMessage Add(int field, string value) => Add(
        field, WireFormat.WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));

    // Lengths beyond an int are counted, so that a message that is too large can say how large; it is never written.
    internal ProtoMessage Add(int field, ProtoMessage value) => Add(
        field,
        WireFormat.WireType.LengthDelimited,
        CodedOutputStream.ComputeInt64Size(value.Size) + value.Size,
        output =>
        {
            output.WriteLength((int)value.Size);
            value.WriteTo(output);
        });

    internal ProtoMessage Add(int field, long length, Func<byte[]> read) => Add(
        field,
        WireFormat.WireType.LengthDelimited,
        CodedOutputStream.ComputeInt64Size(length) + length,
        output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(read())));

    internal void WriteTo(CodedOutputStream output)
    {
        foreach (var write in _fields)
        {
            write(output);
        }
    }

    private ProtoMessage Add(int field, WireFormat.WireType type, long size, Action<CodedOutputStream> write)
    {
        Size += CodedOutputStream.ComputeTagSize(field) + size;
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
