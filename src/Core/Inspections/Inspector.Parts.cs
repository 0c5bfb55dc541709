using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Inspections;

/// <content>Several inspectors at work on the parts of one file, each on a processor of its own.</content>
public sealed partial class Inspector
{
    /// <summary>
    /// For the one pass over the whole file: passes on what does not belong to an entry, so that this inspector knows it before others look at entries.
    /// </summary>
    public RdbHandler OfFile => new FileFacts(this);

    /// <summary>Another one for entries of the same file, which knows what this one has learnt from the file's header.</summary>
    public Inspector Beside()
    {
        var other = new Inspector(_options)
        {
            _magic = _magic,
            _createdAtMilliseconds = _createdAtMilliseconds,
            _isKeyInEntry = _isKeyInEntry,
        };
        other._measure.HasBareMembers = _measure.HasBareMembers;
        return other;
    }

    /// <summary>Adds what another has counted that looked at other entries of the same file.</summary>
    /// <remarks>
    /// Where there are more prefixes than counters, which of them have one depends on how entries were dealt out, and in which order these are added.
    /// </remarks>
    public void Add(Inspector other)
    {
        Add(_types, other._types);
        Add(_databases, other._databases);
        Add(_encodings, other._encodings);
        _lifetimes.Add(other._lifetimes);
        _sizes.Add(other._sizes);
        _biggest.Add(other._biggest);
        _mostElements.Add(other._mostElements);
        foreach ((byte[] prefix, KeyGroup group) in other._prefixes.Counters)
        {
            _prefixes.Of(prefix).Add(group);
        }

        _prefixes.Others.Add(other._prefixes.Others);
        UnsoundValues += other.UnsoundValues;
        if (other.FirstUnsoundOffsetBytes is { } offset)
        {
            FirstUnsoundOffsetBytes = Math.Min(offset, FirstUnsoundOffsetBytes ?? offset);
        }
    }

    private static void Add(SortedDictionary<int, KeyGroup> groups, SortedDictionary<int, KeyGroup> others)
    {
        foreach ((int what, KeyGroup group) in others)
        {
            GroupOf(groups, what).Add(group);
        }
    }

    private sealed class FileFacts(Inspector inspector) : RdbHandler
    {
        public override void OnHeader(RdbVersion version) => inspector.OnHeader(version);

        public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => inspector.OnAuxiliary(name, value);

        public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes) => inspector.OnFunction(librarySource, offsetBytes);
    }
}
