namespace DasSearch.Exports;

/// <summary>A list of layers in a checkpoint, one after the other.</summary>
/// <param name="Prefix">What stands before a layer's number in its name, such as <c>transformer.blocks</c>.</param>
/// <param name="Stream">The stream that its layers work on, such as <c>fused</c> or <c>text</c>.</param>
public sealed record LayerList(string Prefix, string Stream);
