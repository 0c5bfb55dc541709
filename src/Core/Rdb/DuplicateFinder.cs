using System.IO.Hashing;

namespace CacheBackup.Core.Rdb;

/// <summary>Finds a text that occurs twice, by 128-bit hashes, among the first so many of a collection.</summary>
internal sealed class DuplicateFinder(int mostElements)
{
    private const int SmallestTable = 32;

    private UInt128[] _table = [];
    private int _mask = -1;
    private int _count;
    private bool _hasZero;
    private XxHash128? _parts;

    public void Clear()
    {
        if (_count == 0 && !_hasZero)
        {
            return;
        }

        _count = 0;
        _hasZero = false;
        _mask = Math.Min(SmallestTable, _table.Length) - 1;
        _table.AsSpan(0, _mask + 1).Clear();
    }

    /// <summary>False if the text has been added before.</summary>
    public bool TryAdd(ReadOnlySpan<byte> text) => _count >= mostElements || TryAdd(XxHash128.HashToUInt128(text));

    public void Begin() => (_parts ??= new XxHash128()).Reset();

    public void AddPart(ReadOnlySpan<byte> part) => _parts!.Append(part);

    /// <summary>False if the text that came in parts has been added before.</summary>
    public bool TryAddParts() => _count >= mostElements || TryAdd(_parts!.GetCurrentHashAsUInt128());

    public bool TryAdd(UInt128 hash)
    {
        if (hash == UInt128.Zero)
        {
            // Zero marks a free place.
            bool isNew = !_hasZero;
            _hasZero = true;
            return isNew;
        }

        if ((_count + 1) * 2 > _mask + 1)
        {
            Grow();
        }

        if (!TryPlace(hash))
        {
            return false;
        }

        _count++;
        return true;
    }

    private bool TryPlace(UInt128 hash)
    {
        for (int place = (int)(ulong)hash & _mask; ; place = (place + 1) & _mask)
        {
            if (_table[place] == UInt128.Zero)
            {
                _table[place] = hash;
                return true;
            }

            if (_table[place] == hash)
            {
                return false;
            }
        }
    }

    private void Grow()
    {
        int size = Math.Max(SmallestTable, (_mask + 1) * 2);
        var hashes = _table.AsSpan(0, _mask + 1).ToArray();
        if (_table.Length < size)
        {
            _table = new UInt128[size];
        }
        else
        {
            _table.AsSpan(0, size).Clear();
        }

        _mask = size - 1;
        foreach (var hash in hashes)
        {
            if (hash != UInt128.Zero)
            {
                TryPlace(hash);
            }
        }
    }
}
