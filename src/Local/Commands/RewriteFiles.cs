using System.Globalization;
using System.Text.Json;
using CacheBackup.Core.Rewrites;
using CacheBackup.Local.Files;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Commands;

/// <summary>
/// Writes files anew: under other names until all are whole and on the disk, then under their own. What was there under those names stays as it was
/// until then.
/// </summary>
internal sealed class RewriteFiles(ToolContext context, string activity, bool overwrite)
{
    private const int BufferBytes = 1024 * 1024;

    /// <param name="inputs">Are read twice.</param>
    /// <param name="outputs">As many as the options' route has.</param>
    /// <exception cref="IOException">A file exists, or cannot be written; what was written is removed.</exception>
    public async Task RunAsync(
        RewriteOptions options, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, bool json, CancellationToken cancellationToken)
    {
        string[] paths = [.. outputs.Select(Path.GetFullPath)];
        Array.ForEach(paths, RequireFree);
        RewriteReport report = await WriteAsync(
            options with { Records = KeyedRecordsOptions.Default with { Directory = Path.GetDirectoryName(paths[0])! } }, inputs, paths, cancellationToken);
        Tell(report, paths, json);
    }

    private void RequireFree(string path)
    {
        if (Directory.Exists(path))
        {
            throw new BadUsageException($"{path} is a directory. Name the file, such as {Path.Combine(path, "cache.rdb")}.");
        }

        if (File.Exists(path) && !overwrite)
        {
            throw new IOException($"{path} exists. Choose another name, or replace it with --force.");
        }
    }

    private async Task<RewriteReport> WriteAsync(
        RewriteOptions options, IReadOnlyList<string> inputs, string[] paths, CancellationToken cancellationToken)
    {
        List<FileStream> opened = [];
        List<FileStream> partials = [];
        int named = 0;
        try
        {
            foreach (string input in inputs)
            {
                opened.Add(FileIndexing.Open(input));
            }

            foreach (string path in paths)
            {
                partials.Add(PrivateFile.Create(PartialOf(path), BufferBytes));
            }

            RewriteReport report = await CopyAsync(options, inputs, opened, partials, cancellationToken);
            foreach (FileStream partial in partials)
            {
                await partial.FlushAsync(cancellationToken);
                partial.Flush(flushToDisk: true);
            }

            for (; named < paths.Length; named++)
            {
                // Nobody's file is lost: without --force this fails where another process was faster.
                File.Move(PartialOf(paths[named]), paths[named], overwrite);
            }

            return report;
        }
        finally
        {
            for (int i = 0; i < partials.Count; i++)
            {
                if (i >= named)
                {
                    // While it is locked: it may not be another process's, which waits for the same name.
                    File.Delete(PartialOf(paths[i]));
                }

                await partials[i].DisposeAsync();
            }

            foreach (FileStream input in opened)
            {
                await input.DisposeAsync();
            }

            foreach (string directory in paths.Take(named).Select(path => Path.GetDirectoryName(path)!).Distinct())
            {
                DirectorySync.Flush(directory);
            }
        }
    }

    private async Task<RewriteReport> CopyAsync(
        RewriteOptions options,
        IReadOnlyList<string> inputs,
        IReadOnlyList<FileStream> opened,
        IReadOnlyList<FileStream> partials,
        CancellationToken cancellationToken)
    {
        await using ProgressPhase progress = context.Console.Begin(activity);
        RewriteReport report = await new RdbRewrite(options).RunAsync(
            [.. opened.Select((file, i) => new RewriteInput(inputs[i], file))], partials, progress, cancellationToken);
        progress.Complete();
        return report;
    }

    private static string PartialOf(string path) => path + ".partial";

    private void Tell(RewriteReport report, string[] paths, bool json)
    {
        foreach (string name in report.Unverified)
        {
            context.Console.Error.WriteLine($"{name} states no checksum: it is whole, and nothing in it proves its content.");
        }

        FileRewrite summary = new()
        {
            RdbVersion = report.Version.ToString(),
            LeftOut = report.LeftOut,
            Functions = report.Functions,
            FunctionsLeftOut = report.FunctionsLeftOut,
            Files =
            [
                .. report.Files.Select((file, i) => new FileRewritten(
                    paths[i], file.Keys, file.KeysWithExpiry, file.SizeBytes, file.Crc64.ToString("x16", CultureInfo.InvariantCulture))),
            ],
        };
        if (json)
        {
            context.Console.Output.WriteLine(JsonSerializer.Serialize(summary, FileReportJson.Default.FileRewrite));
            return;
        }

        foreach (FileRewritten file in summary.Files)
        {
            context.Console.Output.WriteLine(
                $"{file.Path}: {Readable.Bytes(file.SizeBytes)}, {Readable.Count(file.Keys, "key")}, {Readable.Count(file.KeysWithExpiry)} with expiry, {summary.RdbVersion}.");
        }

        string libraries = report.FunctionsLeftOut > 0
            ? $"{Readable.Count(report.FunctionsLeftOut, "function library", "function libraries")} left out (--functions takes them along)."
            : $"{Readable.Count(report.Functions, "function library", "function libraries")} in each file.";
        context.Console.Output.WriteLine($"{Readable.Count(report.LeftOut, "key")} left out; {libraries}");
    }
}
