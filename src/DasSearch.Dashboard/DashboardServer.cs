using System.Net;
using System.Net.Sockets;
using DasSearch.Core;
using DasSearch.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace DasSearch.Dashboard;

/// <summary>A local page over a database: reads it, and writes nothing but notes; all else is done by commands that anybody could type.</summary>
public sealed class DashboardServer : IAsyncDisposable
{
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(2);

    // Nobody opens a page sooner than they have read its address; of a large database, whoever comes first waits for the rest.
    private static readonly TimeSpan _longestRehearsal = TimeSpan.FromSeconds(3);

    private readonly WebApplication _app;
    private readonly Readings _readings;
    private readonly CancellationTokenSource _stopping;
    private readonly Task _rehearsal;

    private DashboardServer(WebApplication app, Readings readings, CancellationTokenSource stopping, Task rehearsal, Uri address) =>
        (_app, _readings, _stopping, _rehearsal, Address) = (app, readings, stopping, rehearsal, address);

    /// <summary>What to open; it has the token, where there is one.</summary>
    public Uri Address { get; }

    /// <summary>Starts to listen.</summary>
    /// <param name="settings">Where, and to whom.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="DasSearchException">The database cannot be read, or the port is not to be had.</exception>
    public static async Task<DashboardServer> StartAsync(DashboardSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);

        // As every command does that reads a database: one of an older schema is brought forward, and what cannot be read is told at once.
        RunStore.Open(settings.Database, time).Dispose();

        // Without the settings that such servers take from files and variables of their own: nothing but the command line says where it listens.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = typeof(DashboardServer).Assembly.GetName().Name });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = PageRequest.Most;
            kestrel.Listen(settings.Host, settings.Port);
        });
        builder.WebHost.UseShutdownTimeout(_farewell);
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var (readings, stopping) = (new Readings(settings.Database, time), new CancellationTokenSource());
        var doorkeeper = new Doorkeeper(settings.Token);
        app.Use(doorkeeper.Invoke);
        app.UseRouting();
        var routes = new Routes(readings, new LiveRounds(readings, stopping.Token), settings.Database);
        routes.Map(app);
        new NoteRoutes(settings.Database, time).Map(app);
        if (settings.Das.Count > 0)
        {
            new JobRoutes(readings, new Jobs(settings.Database, settings.Das)).Map(app);
        }

        try
        {
            await app.StartAsync(cancellationToken);
            var rehearsal = routes.RehearseAsync(stopping.Token);
            await Task.WhenAny(rehearsal, Task.Delay(_longestRehearsal, cancellationToken));
            return new DashboardServer(app, readings, stopping, rehearsal, AddressOf(app, settings));
        }
        catch (Exception refused) when (refused is IOException or SocketException)
        {
            await app.DisposeAsync();
            readings.Dispose();
            stopping.Dispose();
            throw new DasSearchException(Sentence(settings, refused), refused);
        }
    }

    /// <summary>Ends, and with it all that pages are waiting for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _rehearsal.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whoever asks for what failed in it is told
        _readings.Dispose();
        _stopping.Dispose();
    }

    private static Uri AddressOf(WebApplication app, DashboardSettings settings)
    {
        var bound = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        var host = settings.Host.Equals(IPAddress.Any) || settings.Host.Equals(IPAddress.IPv6Any) ? Dns.GetHostName() : bound.Host;
        return new UriBuilder("http", host, bound.Port) { Query = settings.Token is { } token ? "token=" + Uri.EscapeDataString(token) : "" }.Uri;
    }

    private static string Sentence(DashboardSettings settings, Exception refused)
    {
        var cause = refused as SocketException ?? refused.InnerException as SocketException ?? refused.InnerException?.InnerException as SocketException;
        return cause?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"port {settings.Port} of {settings.Host} is taken: name another one with --port, or any that is free with --port 0",
            SocketError.AccessDenied => $"port {settings.Port} may not be listened on: name one from 1024 on with --port",
            SocketError.AddressNotAvailable => $"--host {settings.Host} is no address of this machine",
            _ => $"port {settings.Port} of {settings.Host} cannot be listened on: {refused.Message}",
        };
    }
}
