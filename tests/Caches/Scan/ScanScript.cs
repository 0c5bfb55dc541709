using System.Buffers;
using System.Globalization;
using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures.Caches;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>A server's part in a scan, played from a script: what SCAN names, and the payload of each key.</summary>
internal sealed class ScanScript
{
    private int _infos;

    /// <summary>The names that each SCAN answers with; the last ends the scan.</summary>
    public required IReadOnlyList<string[]> Pages { get; init; }

    public string Version { get; init; } = "7.0.15";

    /// <summary>What INFO says when the scan has ended, instead of this.</summary>
    public string After { get; init; } = string.Empty;

    public Func<string, byte[]?> PayloadOf { get; init; } = key => Payload(Encoding.ASCII.GetBytes($"\u0005value"), version: 10);

    /// <summary>What is answered instead of what usually is; null: that.</summary>
    public Func<string[], string?> Instead { get; init; } = _ => null;

    /// <summary>The reply of FUNCTION DUMP.</summary>
    public string Functions { get; init; } = "-NOPERM no\r\n";

    public static byte[] Payload(byte[] stored, int version)
    {
        var payload = new ArrayBufferWriter<byte>();
        RdbPayload.Write(RdbType.String, stored, version, payload);
        return payload.WrittenSpan.ToArray();
    }

    public FakeCacheServer Start() => FakeCacheServer.Start(PlayAsync);

    private async Task PlayAsync(FakeCacheConnection connection)
    {
        List<string>? queued = null;
        while (await connection.ReadCommandAsync() is { } command)
        {
            string reply;
            switch (command[0].ToUpperInvariant())
            {
                case "MULTI":
                    queued = [];
                    reply = "+OK\r\n";
                    break;
                case "EXEC":
                    reply = Instead(command) ?? $"*{queued!.Count}\r\n{string.Concat(queued)}";
                    queued = null;
                    break;
                default:
                    reply = AnswerOne(command);
                    if (queued is not null)
                    {
                        queued.Add(reply);
                        reply = "+QUEUED\r\n";
                    }

                    break;
            }

            await connection.SendAsync(Encoding.Latin1.GetBytes(reply));
        }
    }

    private string AnswerOne(string[] command) => Instead(command) ?? command[0].ToUpperInvariant() switch
    {
        "INFO" => command.Length > 1 ? Bulk("# Commandstats\r\n") : Bulk(_infos++ == 0 || After.Length == 0 ? Information : After),
        "TIME" => "*2\r\n$10\r\n1700000000\r\n$6\r\n500000\r\n",
        "FUNCTION" => Functions,
        "MODULE" => "*0\r\n",
        "SCAN" => Page(int.Parse(command[1], CultureInfo.InvariantCulture)),
        "PEXPIRETIME" => ":-1\r\n",
        "PTTL" => ":2000\r\n",
        "DUMP" => PayloadOf(command[1]) is { } payload ? Bulk(Encoding.Latin1.GetString(payload)) : "$-1\r\n",
        _ => "+OK\r\n",
    };

    private string Information =>
        $"# Server\r\nredis_version:{Version}\r\nrun_id:{new string('a', 40)}\r\nmaster_replid:b\r\nmaxmemory_policy:noeviction\r\ndb0:keys=4,expires=0,avg_ttl=0\r\n";

    private string Page(int cursor)
    {
        int next = cursor + 1 == Pages.Count ? 0 : cursor + 1;
        string names = string.Concat(Pages[cursor].Select(Bulk));
        return $"*2\r\n{Bulk(next.ToString(CultureInfo.InvariantCulture))}*{Pages[cursor].Length}\r\n{names}";
    }

    private static string Bulk(string text) => $"${text.Length}\r\n{text}\r\n";
}
