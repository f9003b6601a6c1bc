using System.CommandLine;
using DasSearch.Dashboard;

namespace DasSearch.Cli.Commands;

/// <summary><c>das dashboard</c>: a page to watch runs, as long as it is not ended.</summary>
internal static class DashboardCommand
{
    private const string Examples = """
        das dashboard                          open the address that it prints
        ssh -L 8080:localhost:8080 HOST        from a laptop, then open http://localhost:8080
        das dashboard --host 0.0.0.0           for other machines: the address that it prints has a token
        """;

    private const int DefaultPort = 8080;

    /// <summary>Builds the command.</summary>
    public static Command Create(CommandContext context)
    {
        var port = new Option<int>("--port")
        {
            Description = "The port to listen on; 0 takes one that is free.", HelpName = "N", DefaultValueFactory = static _ => DefaultPort,
        };
        var host = new Option<string>("--host")
        {
            Description = "The address to listen on; any but this machine's own asks visitors for a token.", HelpName = "ADDRESS", DefaultValueFactory = static _ => "127.0.0.1",
        };
        var token = new Option<string?>("--token") { Description = "What visitors have to know; by default made, where it is needed.", HelpName = "TEXT" };
        var database = DatabaseOption.Create();
        var command = new CommandWithExamples("dashboard", "Show runs on a local page, live; Ctrl-C ends it.", Examples) { port, host, token, database };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new DashboardSettings(
                parsed.GetRequiredValue(database), parsed.GetRequiredValue(host), parsed.GetValue(port), parsed.GetValue(token))
            {
                Das = OwnCall(),
            };
            await using var server = await DashboardServer.StartAsync(settings, TimeProvider.System, cancellationToken);
            context.Terminal.Output.WriteLine(server.Address.AbsoluteUri);
            await context.Terminal.Output.FlushAsync(cancellationToken);

            // To end it is how it is meant to end, and no failure.
            var ended = new TaskCompletionSource();
            using var told = cancellationToken.Register(ended.SetResult);
            await ended.Task;
        });
        return command;
    }

    // As this process was called: by the runtime's program, or by one of its own.
    private static IReadOnlyList<string> OwnCall() => Environment.ProcessPath is { } program
        ? Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.Combine(AppContext.BaseDirectory, "das.dll")] : [program]
        : [];
}
