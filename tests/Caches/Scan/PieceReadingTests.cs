using System.Globalization;
using System.Text;
using CacheBackup.Caches.Scan;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Restores;
using CacheBackup.Core.Snapshots;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>A value in pieces from scripted servers: what changes meanwhile, what comes twice, what is gone.</summary>
public sealed class PieceReadingTests
{
    private static readonly PieceOptions Any = new() { Keys = [GlobPattern.Parse("*")], LeastElements = 2, LeastBytes = 4 };

    [Fact]
    public async Task A_field_that_the_server_names_again_is_in_the_value_once()
    {
        var server = new ScriptedHash { Pages = [["a", "1", "b", "2"], ["b", "2", "c", "3"]] };
        Taken taken = await TakeAsync(server);
        Assert.Equal((RdbType.Hash, "\u0003\u0001a\u00011\u0001b\u00012\u0001c\u00013"), (taken.Type, taken.Value));
        Assert.Equal(0, server.Dumps);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 3, 0)]
    [InlineData(3, 3, 1)]
    public async Task A_value_that_changes_is_read_again_and_after_three_times_dumped(int changes, int readings, int dumps)
    {
        var server = new ScriptedHash { Changes = changes };
        Taken taken = await TakeAsync(server);
        Assert.Equal((readings, dumps), (server.Watches, server.Dumps));
        Assert.Equal(dumps == 0 ? RdbType.Hash : RdbType.String, taken.Type);
        Assert.Equal(1, taken.Keys);
    }

    /// <summary>It has another number of fields than its server says: whatever is wrong there, such a value would make a bad file.</summary>
    [Fact]
    public async Task A_value_that_is_short_of_elements_is_dumped()
    {
        var server = new ScriptedHash { Pages = [["a", "1", "b", "2"]] };
        Assert.Equal(RdbType.String, (await TakeAsync(server)).Type);
        Assert.Equal((3, 1), (server.Watches, server.Dumps));
    }

    [Theory]
    [InlineData("EXEC", "*1\r\n:-2\r\n", 1)]
    [InlineData("HSCAN", "-WRONGTYPE no hash\r\n", 1)]
    [InlineData("HLEN", "-WRONGTYPE no hash\r\n", 1)]
    [InlineData("HLEN", ":1\r\n", 1)]
    [InlineData("TYPE", "+stream\r\n", 1)]
    [InlineData("TYPE", "+none\r\n", 0)]
    public async Task What_cannot_be_had_in_pieces_is_dumped_and_what_is_gone_is_counted(string command, string reply, int dumps)
    {
        var server = new ScriptedHash { Reply = (command, reply) };
        Taken taken = await TakeAsync(server);
        Assert.Equal((dumps, dumps, 1 - dumps), (server.Dumps, taken.Keys, taken.Vanished));
    }

    [Fact]
    public async Task Hashes_whose_fields_may_expire_are_dumped()
    {
        var server = new ScriptedHash { Version = "7.4.0", PayloadVersion = 12 };
        Assert.Equal(RdbType.String, (await TakeAsync(server)).Type);
        Assert.Equal(1, server.Dumps);
    }

    [Fact]
    public async Task An_old_server_tells_the_expiry_relative_to_its_clock_in_the_transaction_that_ends_the_reading()
    {
        var server = new ScriptedHash { Version = "6.2.14", PayloadVersion = 9 };
        Taken taken = await TakeAsync(server);
        Assert.Equal((RdbType.Hash, 1_700_000_002_500), (taken.Type, taken.ExpireAtMilliseconds));
    }

    [Fact]
    public async Task A_value_that_exceeds_the_spool_or_what_may_be_remembered_is_dumped()
    {
        Assert.Equal(RdbType.String, (await TakeAsync(new ScriptedHash(), Any with { MaxSpoolBytes = 5 })).Type);
        Assert.Equal(RdbType.String, (await TakeAsync(new ScriptedHash(), Any with { MaxRememberedBytes = 71 })).Type);
        Assert.Equal(RdbType.Hash, (await TakeAsync(new ScriptedHash(), Any with { MaxRememberedBytes = 72, MaxSpoolBytes = 12 })).Type);
    }

    [Fact]
    public async Task A_disk_without_room_fails_the_scan_and_says_what_for()
    {
        PieceOptions nowhere = Any with { SpoolDirectory = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()) };
        var refused = await Assert.ThrowsAsync<ScanRefusedException>(() => TakeAsync(new ScriptedHash(), nowhere));
        Assert.Contains("temporary files", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<Taken> TakeAsync(ScriptedHash hash, PieceOptions? pieces = null)
    {
        await using FakeCacheServer server = hash.Start();
        var source = new ScanSource(server.Address, KnownPassword.Instance, ScanOptions.Default with { Pieces = pieces ?? Any }, TimeProvider.System);
        await using SnapshotTransfer transfer = await source.OpenAsync(default);
        byte[] rdb = await Drain.AllAsync(transfer.Content);
        KeysOf keys = KeysOf.Read(rdb);
        bool isAny = keys.Entries.TryGetValue("key", out RdbEntryStart entry);
        string value = isAny ? Encoding.Latin1.GetString(rdb.AsSpan((int)entry.ValueOffsetBytes, rdb.Length - (int)entry.ValueOffsetBytes - 9)) : string.Empty;
        return new Taken(entry.Type, value, keys.Count, transfer.Origin.Scan!.Vanished, entry.ExpireAtMilliseconds);
    }

    private sealed record Taken(RdbType Type, string Value, int Keys, long Vanished, long? ExpireAtMilliseconds);

    /// <summary>A server whose one key holds a hash of three fields; its DUMP is a string, so that the two can be told apart.</summary>
    private sealed class ScriptedHash
    {
        public string Version { get; init; } = "7.0.15";

        public int PayloadVersion { get; init; } = 10;

        public string[][] Pages { get; init; } = [["a", "1", "b", "2"], ["c", "3"]];

        /// <summary>How many readings find at their end that the key changed.</summary>
        public int Changes { get; init; }

        /// <summary>What one command is answered, each time.</summary>
        public (string Command, string Text)? Reply { get; init; }

        public int Watches { get; private set; }

        public int Dumps { get; private set; }

        public FakeCacheServer Start() => new ScanScript
        {
            Version = Version,
            Pages = [["key"]],
            PayloadOf = _ =>
            {
                Dumps++;
                return ScanScript.Payload("\u0005value"u8.ToArray(), PayloadVersion);
            },
            Instead = Answer,
        }.Start();

        private string? Answer(string[] command)
        {
            string name = command[0].ToUpperInvariant();
            Watches += name == "WATCH" ? 1 : 0;

            // The transaction in which it is dumped at last is done.
            bool isMine = Dumps == 0;
            return Reply is { } reply && reply.Command == name && isMine ? reply.Text : name switch
            {
                "TYPE" => "+hash\r\n",
                "HLEN" => ":3\r\n",
                "HSCAN" => Page(int.Parse(command[2], CultureInfo.InvariantCulture)),
                "EXEC" when isMine && Watches <= Changes => "*-1\r\n",
                _ => null,
            };
        }

        private string Page(int cursor)
        {
            string next = cursor + 1 == Pages.Length ? "0" : (cursor + 1).ToString(CultureInfo.InvariantCulture);
            string[] page = Pages[cursor];
            return $"*2\r\n${next.Length}\r\n{next}\r\n*{page.Length}\r\n{string.Concat(page.Select(text => $"${text.Length}\r\n{text}\r\n"))}";
        }
    }
}
