namespace DasSearch.Exports;

/// <summary>A projection that LoRA changes.</summary>
/// <param name="Source">Its name in the checkpoint that das reads.</param>
/// <param name="Path">Its full name in the model that PEFT makes, whose layers are renumbered.</param>
/// <param name="Rank">LoRA's rank.</param>
/// <param name="Alpha">What PEFT divides by the rank to get the scale.</param>
internal sealed record LoraTarget(string Source, string Path, int Rank, double Alpha);
