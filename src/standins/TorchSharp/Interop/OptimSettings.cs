using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

/// <summary>What one step of Adam or AdamW needs to know, laid out as native/optim.cpp reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AdamSettings(
    double LearningRate, double Beta1, double Beta2, double Eps, double WeightDecay, int Amsgrad, int Maximize, int Decoupled);

/// <summary>What one step of SGD needs to know, laid out as native/optim.cpp reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SgdSettings(
    double LearningRate, double Momentum, double Dampening, double WeightDecay, int Nesterov, int Maximize);
