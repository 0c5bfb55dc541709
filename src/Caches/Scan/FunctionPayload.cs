using System.Text;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>A reply of FUNCTION DUMP: an RDB file's function opcodes, without header and end, and the footer of a payload. (functionDumpCommand)</summary>
internal static class FunctionPayload
{
    /// <summary>The version that the footer states: that of all payloads of the server.</summary>
    /// <exception cref="CacheProtocolException">Too short, or its checksum is wrong.</exception>
    public static RdbVersion VersionOf(ReadOnlySpan<byte> payload)
    {
        Require(payload, out int version);
        return new RdbVersion(version >= RdbVersion.OldestValkey ? RdbMagic.Valkey : RdbMagic.Redis, version);
    }

    /// <summary>The libraries' sources.</summary>
    /// <exception cref="CacheProtocolException">Too short, its checksum is wrong, or it holds something else than functions.</exception>
    public static IReadOnlyList<byte[]> Read(ReadOnlySpan<byte> payload)
    {
        Require(payload, out _);
        var libraries = new Libraries();
        try
        {
            // The reader wants a file: the newest version's, without a checksum of its own.
            var reader = new RdbReader(libraries, RdbReaderOptions.Default);
            reader.Read(Encoding.ASCII.GetBytes(new RdbVersion(RdbMagic.Redis, RdbVersion.NewestRedis).ToString()));
            reader.Read(payload[..^RdbFooter.SizeBytes]);
            reader.Read([(byte)RdbOpcode.End, .. new byte[sizeof(ulong)]]);
            reader.Complete();
        }
        catch (RdbFormatException e)
        {
            throw new CacheProtocolException("FUNCTION DUMP answered with something that is no list of functions.", e);
        }

        return libraries.Sources;
    }

    private static void Require(ReadOnlySpan<byte> payload, out int version)
    {
        version = 0;
        if (payload.Length < RdbFooter.SizeBytes || !Check(payload, out version))
        {
            throw new CacheProtocolException("The checksum of FUNCTION DUMP is not that of its bytes.");
        }
    }

    private static bool Check(ReadOnlySpan<byte> payload, out int version)
    {
        // A footer is made for a payload that begins with a type; the checksum does not care what the byte means.
        RdbFooter footer = default;
        footer.Update(payload[..^RdbFooter.SizeBytes]);
        return footer.TryCheck(payload[^RdbFooter.SizeBytes..], out version);
    }

    private sealed class Libraries : RdbHandler
    {
        public List<byte[]> Sources { get; } = [];

        public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes) => Sources.Add(librarySource.ToArray());
    }
}
