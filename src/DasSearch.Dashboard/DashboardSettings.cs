using System.Net;
using System.Security.Cryptography;
using DasSearch.Core;

namespace DasSearch.Dashboard;

/// <summary>Where a dashboard listens, what it shows, and who may see it.</summary>
public sealed record DashboardSettings
{
    private const int ShortestToken = 16;
    private const int TokenBytes = 24;

    /// <param name="database">The database's file.</param>
    /// <param name="host">An IP address of this machine, or <c>localhost</c>.</param>
    /// <param name="port">From 0, for any that is free, to 65535.</param>
    /// <param name="token">What a first visit has to name; null for none where only this machine can visit, else for one that is made.</param>
    /// <exception cref="UsageException">An argument is out of its range.</exception>
    public DashboardSettings(string database, string host, int port, string? token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(database);
        ArgumentNullException.ThrowIfNull(host);
        Database = database;
        Host = host == "localhost" ? IPAddress.Loopback
            : IPAddress.TryParse(host, out var address) ? address
            : throw new UsageException($"--host must be an IP address of this machine or localhost, not '{host}'");
        Port = port is >= 0 and <= IPEndPoint.MaxPort ? port : throw new UsageException($"--port must be from 0 to {IPEndPoint.MaxPort}, not {port}");
        Token = token is null || token.Length >= ShortestToken
            ? token ?? (IPAddress.IsLoopback(Host) ? null : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes)))
            : throw new UsageException($"--token must have at least {ShortestToken} characters, not {token.Length}");
    }

    /// <summary>How das is called, a program and its first arguments, for what pages begin; none where they may only look.</summary>
    public IReadOnlyList<string> Das { get; init; } = [];

    public string Database { get; }

    public IPAddress Host { get; }

    public int Port { get; }

    /// <summary>What a first visit has to name; null where only this machine can visit.</summary>
    public string? Token { get; }
}
