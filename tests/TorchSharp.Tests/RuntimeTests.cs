using static TorchSharp.torch;

namespace TorchSharp.Tests;

/// <summary>Devices, threads and version.</summary>
public sealed class RuntimeTests
{
    [Fact]
    public void Cuda_Queries_AgreeWithEachOther()
    {
        var available = cuda.is_available();
        Assert.Equal(available, cuda.device_count() > 0);
        Assert.Equal(available, cuda_is_available());
        Assert.Equal(available, TryInitializeDeviceType(DeviceType.CUDA));
        if (!available)
        {
            Assert.Equal((0, false), (cuda.device_count(), cuda.is_cudnn_available()));
        }
    }

    [Theory]
    [InlineData("cpu", DeviceType.CPU, -1)]
    [InlineData("cuda:1", DeviceType.CUDA, 1)]
    public void Device_FromItsName_HasTypeAndIndex(string name, DeviceType type, int index)
    {
        var described = new Device(name);
        Assert.Equal(type, described.type);
        Assert.Equal(name, described.ToString());
        Assert.Equal(index, described.index);
    }

    [Fact]
    public void Device_InEachForm_IsTheSame()
    {
        Device implied = "cuda:1";
        Assert.All(
            new[] { new Device(DeviceType.CUDA, 1), new Device("cuda", 1), new Device("cuda:1"), new Device(1), device("cuda:1"), device("cuda", 1), device(DeviceType.CUDA, 1), device(1), implied },
            made => Assert.Equal((DeviceType.CUDA, 1, "cuda:1"), (made.type, made.index, made.ToString())));
        Assert.Equal(DeviceType.CPU, CPU.type);
        Assert.Equal(DeviceType.CPU, InitializeDevice(CPU).type);
        Assert.Equal(DeviceType.CPU, InitializeDevice(null!).type);
        InitializeDeviceType(DeviceType.CPU);
        Assert.True(TryInitializeDeviceType(DeviceType.CPU));
    }

    [Fact]
    public void Threads_WhenSet_AreRead()
    {
        var before = get_num_threads();
        try
        {
            set_num_threads(1);
            Assert.Equal(1, get_num_threads());
        }
        finally
        {
            set_num_threads(before);
        }

        Assert.True(get_num_interop_threads() > 0);
        Assert.Matches(@"^\d+\.\d+", __version__);
        CheckForErrors();
    }
}
