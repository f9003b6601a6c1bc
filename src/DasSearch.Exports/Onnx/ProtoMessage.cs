using Google.Protobuf;

namespace DasSearch.Exports;

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

    /// <param name="field">The field's number.</param>
    /// <param name="length">How many bytes there will be.</param>
    /// <param name="read">The bytes.</param>
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
