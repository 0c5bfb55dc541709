using System.Diagnostics;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Storage;

namespace CacheBackup.Core.Tests.Storage;

/// <summary>Several processes, some of them killed, on one directory.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DirectoryStoreProcessTests(ITestOutputHelper output) : IDisposable
{
    private const int Processes = 16;
    private const int Rounds = 1_000;
    private const int HashLength = 32;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Of_16_processes_that_race_1000_creates_one_wins_each()
    {
        int[][] won = await RaceAsync("create");

        // Each round is in exactly one list, and its object is that process's.
        Assert.Equal(Enumerable.Range(1, Rounds), won.SelectMany(rounds => rounds).Order());
        DirectoryObjectStore store = DirectoryObjectStore.Open(_directory.Path, TimeProvider.System);
        for (int process = 0; process < Processes; process++)
        {
            foreach (int round in won[process])
            {
                Assert.Equal($"{process}", await store.ReadTextAsync(new ObjectKey($"rounds/{round}")));
            }
        }
    }

    [Fact]
    public async Task Of_16_processes_that_race_1000_changes_one_wins_each_and_no_update_is_lost()
    {
        DirectoryObjectStore store = DirectoryObjectStore.Open(_directory.Path, TimeProvider.System);
        await store.PutTextAsync(new ObjectKey("counter"), "0 begin");

        int[][] won = await RaceAsync("change");

        Assert.Equal(Enumerable.Range(1, Rounds), won.SelectMany(numbers => numbers).Order());
        int last = Array.FindIndex(won, numbers => numbers.Contains(Rounds));
        Assert.Equal($"{Rounds} {last}", await store.ReadTextAsync(new ObjectKey("counter")));
    }

    [Fact]
    public async Task Killed_writers_leave_no_half_made_object_and_all_that_was_acknowledged()
    {
        const int Writers = 4;
        var lines = new List<string>();
        for (int generation = 0; generation < 4; generation++)
        {
            StoreWorkerProcess[] writers =
                [.. Enumerable.Range(0, Writers).Select(i => StoreWorkerProcess.Start("write", _directory.Path, $"writer-{generation}{i}"))];
            try
            {
                // Each is killed in the middle of whatever comes after so many acknowledgements; the others run on.
                List<string>[] said = await Task.WhenAll(writers.Select((writer, i) => WriteAndKillAsync(writer, lines: 20 + (i * 7))));
                lines.AddRange(said.SelectMany(written => written));
            }
            finally
            {
                Array.ForEach(writers, writer => writer.Dispose());
            }
        }

        // Locks of the dead are gone, and what they left is swept.
        var options = new DirectoryStoreOptions { TemporaryLifetime = TimeSpan.Zero };
        DirectoryObjectStore store = DirectoryObjectStore.Open(_directory.Path, TimeProvider.System, options);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Path, "~store", "temporary")));
        var present = new HashSet<string>();
        foreach (ObjectSummary summary in await store.ListAsync())
        {
            byte[] content = (await store.ReadAsync(summary.Key)).Bytes;
            Assert.Equal(summary.LengthBytes, content.Length);
            Assert.Equal(content[..HashLength], SHA256.HashData(content.AsSpan(HashLength)));
            present.Add(summary.Key.Value);
        }

        // What was about to be deleted may be there or not, once its writer is dead.
        string[] deleted = [.. lines.Where(line => line.StartsWith('-')).Select(line => line[1..])];
        string[] touched = [.. lines.Where(line => line.StartsWith('?')).Select(line => line[1..])];
        string[] acknowledged = [.. lines.Where(line => !line.StartsWith('-') && !line.StartsWith('?')).Except(touched)];
        Assert.Empty(acknowledged.Except(present));
        Assert.Empty(deleted.Intersect(present));
        foreach (OpenUpload upload in await store.UploadsAsync())
        {
            await store.AbortUploadAsync(upload.Key, upload.Id, default);
        }

        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_directory.Path, "~store", "uploads")));
        output.WriteLine($"{acknowledged.Length} objects acknowledged, {deleted.Length} deleted, {present.Count} there");
    }

    [Fact]
    public async Task Lock_of_a_killed_process_is_free_at_once()
    {
        using StoreWorkerProcess writer = StoreWorkerProcess.Start("write", _directory.Path, "writer-a");
        await WriteAndKillAsync(writer, lines: 5);
        DirectoryObjectStore store = DirectoryObjectStore.Open(_directory.Path, TimeProvider.System);
        long began = Stopwatch.GetTimestamp();

        await store.PutTextAsync(new ObjectKey("writer-a/again"), "after the kill");

        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserExecute)]
    [InlineData(UnixFileMode.None)]
    public async Task Directory_without_permission_is_refused_with_what_to_do(UnixFileMode mode)
    {
        string root = Path.Combine(_directory.Path, "closed");
        Directory.CreateDirectory(root);
        File.SetUnixFileMode(root, mode);
        using StoreWorkerProcess worker = StoreWorkerProcess.StartUnprivileged("create", root, "0", "1");

        worker.Go();
        List<string> lines = await worker.ReadToEndAsync();

        File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Equal(3, worker.ExitCode);
        string refused = Assert.Single(lines);
        Assert.StartsWith(nameof(StoreAccessDeniedException), refused, StringComparison.Ordinal);
        Assert.Contains("chown", refused, StringComparison.Ordinal);
        Assert.Contains(root, refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_that_lost_its_permission_while_open_refuses_writes()
    {
        using StoreWorkerProcess worker = StoreWorkerProcess.StartUnprivileged("create", _directory.Path, "0", "1");
        Assert.Equal("ready", await worker.ReadLineAsync());
        string temporary = Path.Combine(_directory.Path, "~store", "temporary");
        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        worker.Go();
        List<string> lines = await worker.ReadToEndAsync();

        File.SetUnixFileMode(temporary, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.StartsWith(nameof(StoreAccessDeniedException), Assert.Single(lines), StringComparison.Ordinal);
    }

    private static async Task<List<string>> WriteAndKillAsync(StoreWorkerProcess writer, int lines)
    {
        Assert.Equal("ready", await writer.ReadLineAsync());
        writer.Go();
        var written = new List<string>();
        while (written.Count < lines)
        {
            written.Add((await writer.ReadLineAsync())!);
        }

        writer.Kill();
        // What it had said before it died counts as well.
        written.AddRange(await writer.ReadToEndAsync());
        return written;
    }

    private async Task<int[][]> RaceAsync(string command)
    {
        StoreWorkerProcess[] workers =
            [.. Enumerable.Range(0, Processes).Select(i => StoreWorkerProcess.Start(command, _directory.Path, $"{i}", $"{Rounds}"))];
        try
        {
            foreach (StoreWorkerProcess worker in workers)
            {
                Assert.Equal("ready", await worker.ReadLineAsync());
            }

            long began = Stopwatch.GetTimestamp();
            Array.ForEach(workers, worker => worker.Go());
            List<string>[] lines = await Task.WhenAll(workers.Select(worker => worker.ReadToEndAsync()));
            output.WriteLine($"{command}: {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; wins: {string.Join(' ', lines.Select(won => won.Count))}");
            Assert.All(workers, worker => Assert.Equal(0, worker.ExitCode));
            // A race that one process runs alone proves nothing.
            Assert.True(lines.Count(won => won.Count > 0) > Processes / 2);
            return [.. lines.Select(won => won.Select(int.Parse).ToArray())];
        }
        finally
        {
            Array.ForEach(workers, worker => worker.Dispose());
        }
    }
}
