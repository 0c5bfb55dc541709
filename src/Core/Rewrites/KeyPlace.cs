using System.Runtime.InteropServices;

namespace CacheBackup.Core.Rewrites;

/// <summary>Where a key stands.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal readonly struct KeyPlace(UInt128 key, int input, long offsetBytes) : IKeyedRecord
{
    private readonly ulong _high = (ulong)(key >> 64);
    private readonly ulong _low = (ulong)key;
    private readonly long _offsetBytes = offsetBytes;
    private readonly long _input = input;

    public UInt128 Key => new(_high, _low);

    public long OffsetBytes => _offsetBytes;

    public int Input => (int)_input;
}
