using System.Globalization;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static Device CPU = new(DeviceType.CPU);

    public static Device device(string description) => new(description);

    public static Device device(string deviceType, int index = -1) => new(deviceType, index);

    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);

    /// <summary>The CUDA device of that number.</summary>
    public static Device device(int index) => new(index);

    /// <exception cref="System.Runtime.InteropServices.ExternalException">There is no such device here.</exception>
    public static void InitializeDeviceType(DeviceType deviceType) => Native.ts_initialize_device((int)deviceType).Check();

    public static bool TryInitializeDeviceType(DeviceType deviceType) =>
        deviceType == DeviceType.CPU || (deviceType == DeviceType.CUDA && cuda.is_available());

    /// <summary>The device itself, or the CPU where none is given, ready for use.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= CPU;
        InitializeDeviceType(device.type);
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>Where a tensor lives.</summary>
    public class Device
    {
        /// <param name="description"><c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</param>
        /// <exception cref="ArgumentException">The description is none of these.</exception>
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var parts = description.Split(':');
            var number = -1;
            var wellFormed = parts.Length == 1
                || (parts.Length == 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out number));
            if (!wellFormed)
            {
                throw new ArgumentException($"Unknown device '{description}': expected cpu, cuda or cuda:N.", nameof(description));
            }

            type = Parse(parts[0], nameof(description));
            index = Normalise(type, number);
        }

        /// <inheritdoc cref="Device(string)"/>
        public Device(string deviceType, int index = -1)
        {
            ArgumentNullException.ThrowIfNull(deviceType);
            type = Parse(deviceType, nameof(deviceType));
            this.index = Normalise(type, index);
        }

        /// <exception cref="ArgumentException">The device type is not a known one.</exception>
        public Device(DeviceType deviceType, int index = -1)
        {
            type = Enum.IsDefined(deviceType)
                ? deviceType
                : throw new ArgumentException($"Unknown device type {deviceType}: expected CPU or CUDA.", nameof(deviceType));
            this.index = Normalise(type, index);
        }

        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public DeviceType type { get; }

        /// <summary>-1 on the CPU.</summary>
        public int index { get; }

        public static implicit operator Device(string description) => new(description);

        public override string ToString() =>
            type == DeviceType.CPU ? "cpu" : string.Create(CultureInfo.InvariantCulture, $"cuda:{index}");

        private static DeviceType Parse(string text, string argument) => text.ToLowerInvariant() switch
        {
            "cpu" => DeviceType.CPU,
            "cuda" => DeviceType.CUDA,
            _ => throw new ArgumentException($"Unknown device '{text}': expected cpu, cuda or cuda:N.", argument),
        };

        private static int Normalise(DeviceType type, int index) => type switch
        {
            DeviceType.CPU when index is -1 or 0 => -1,
            DeviceType.CUDA when index >= -1 => Math.Max(index, 0),
            _ => throw new ArgumentException($"Device number {index} is out of range for {type}.", nameof(index)),
        };
    }
}
