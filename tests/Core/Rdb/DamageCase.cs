using System.Buffers.Binary;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>One place of one file: its bytes to change, and what came of the changes.</summary>
internal sealed class DamageCase(string name, byte[] bytes, int at)
{
    private const int FooterBytes = 8;

    private readonly byte[] _footer = bytes.Length > FooterBytes ? bytes[^FooterBytes..] : [];

    public byte[] Bytes => bytes;

    public int At => at;

    public bool IsInFooter => at >= bytes.Length - FooterBytes;

    public long Refused { get; private set; }

    public long Accepted { get; private set; }

    public List<string> Faults { get; } = [];

    /// <summary>Every other value of the byte, one after the other; then its own again.</summary>
    public IEnumerable<byte> OtherValues() => OtherValues([.. Enumerable.Range(1, 255).Select(i => (byte)i)]);

    /// <summary>The byte with these changes, one after the other; then as it was.</summary>
    public IEnumerable<byte> OtherValues(params byte[] changes)
    {
        byte good = bytes[at];
        foreach (byte change in changes)
        {
            bytes[at] = (byte)(good ^ change);
            yield return bytes[at];
        }

        bytes[at] = good;
    }

    public void Count(RdbFormatException? error)
    {
        Refused += error is null ? 0 : 1;
        Accepted += error is null ? 1 : 0;
    }

    /// <summary>Makes the checksum at the end that of the changed bytes, as one would who wants the change to pass.</summary>
    public void ForgeChecksum() => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(bytes.Length - FooterBytes), FittingChecksum());

    public ulong FittingChecksum() => CrcRedis64.Compute(0, bytes.AsSpan(0, bytes.Length - FooterBytes));

    public void RestoreChecksum() => _footer.CopyTo(bytes.AsSpan(bytes.Length - FooterBytes));

    public void Fault(string what) => Faults.Add($"{name}: byte {at} as {bytes[at]:x2}: {what}");
}
