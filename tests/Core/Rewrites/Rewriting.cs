using CacheBackup.Core.Rewrites;

namespace CacheBackup.Core.Tests.Rewrites;

/// <summary>Runs rewrites in memory.</summary>
internal static class Rewriting
{
    public static Task<(RewriteReport Report, byte[][] Files)> RunAsync(RewriteOptions options, params byte[][] inputs) =>
        RunAsync(options, [.. inputs.Select(input => new MemoryStream(input, writable: false))]);

    public static async Task<(RewriteReport Report, byte[][] Files)> RunAsync(RewriteOptions options, Stream[] inputs)
    {
        MemoryStream[] outputs = [.. Enumerable.Range(0, options.Route.Outputs).Select(_ => new MemoryStream())];
        RewriteReport report = await new RdbRewrite(options).RunAsync(
            [.. inputs.Select((input, i) => new RewriteInput($"{(char)('A' + i)}.rdb", input))], outputs, null, default);
        return (report, [.. outputs.Select(output => output.ToArray())]);
    }

    public static async Task<byte[]> WholeAsync(byte[] input, RewriteOptions? options = null) =>
        (await RunAsync(options ?? new RewriteOptions { Route = new WholeRoute() }, input)).Files[0];
}
