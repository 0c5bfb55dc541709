using System.Globalization;
using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>
/// The first reading of all inputs: it finds what stands in the way before anything is written, and counts what will be. Memory: a counter for
/// each output and database, the function libraries, and what <see cref="KeyedRecords{T}"/> says where keys must be compared.
/// </summary>
internal sealed class RewriteSurvey(RewriteOptions options, IReadOnlyList<RewriteInput> inputs, KeyedRecords<KeyPlace>? places) : RdbHandler
{
    private readonly SortedDictionary<int, DatabaseCount>[] _counts =
        [.. Enumerable.Range(0, options.Route.Outputs).Select(_ => new SortedDictionary<int, DatabaseCount>())];

    private readonly Dictionary<(RdbMagic Magic, RdbType Type), string> _types = [];
    private readonly Dictionary<string, byte[]> _fields = new(StringComparer.Ordinal);
    private readonly KeyHash _hash = new();
    private int _input = -1;
    private RdbVersion _version;
    private RdbVersion? _newest;

    public FunctionMerge Functions { get; } = new();

    /// <summary>Libraries of the inputs, where none are taken along.</summary>
    public int FunctionsLeftOut { get; private set; }

    public long LeftOut { get; private set; }

    /// <summary>What is written: what was asked for, else what every value fits into.</summary>
    public RdbVersion Version => options.Version ?? RdbWriter.Nearest(_newest ?? new RdbVersion(RdbMagic.Redis, RdbVersion.NewestRedis));

    /// <summary>Fields about the files that are still true of what is made of them, by name.</summary>
    public IEnumerable<KeyValuePair<string, byte[]>> Fields => _fields;

    public IReadOnlyDictionary<int, DatabaseCount> CountsOf(int output) => _counts[output];

    public void BeginInput(int number) => _input = number;

    public override void OnHeader(RdbVersion version)
    {
        _version = version;
        bool isNewer = _newest is not { } newest
            || (version.Magic == newest.Magic ? version.Number > newest.Number : version.Magic == RdbMagic.Valkey);
        _newest = isNewer ? version : _newest;
    }

    public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        // Who wrote it and when. Not where a replica could go on from, nor how much memory it took: that is not true of another file.
        if (name.SequenceEqual("redis-ver"u8) || name.SequenceEqual("valkey-ver"u8) || name.SequenceEqual("redis-bits"u8))
        {
            _fields.TryAdd(Encoding.ASCII.GetString(name), value.ToArray());
        }
        else if (name.SequenceEqual("ctime"u8) && TimeOf(value) is { } time && !(_fields.TryGetValue("ctime", out byte[]? latest) && TimeOf(latest) >= time))
        {
            _fields["ctime"] = value.ToArray();
        }
    }

    public override void OnFunction(ReadOnlySpan<byte> librarySource, long offsetBytes)
    {
        if (options.WithFunctions)
        {
            Functions.Add(librarySource, Place(_input, offsetBytes));
        }
        else
        {
            FunctionsLeftOut++;
        }
    }

    public override void OnModuleAuxiliary(RdbModule module, long offsetBytes)
    {
        if (!options.DropModuleData)
        {
            throw new RewriteRefusedException(
                $"{Place(_input, offsetBytes)} has data that the module {module.Name} keeps outside of keys. What they mean only the module knows: leave them out, or load the file into a server that has it.");
        }
    }

    public override void OnSlotImport(long offsetBytes) => throw new RewriteRefusedException(
        $"{Place(_input, offsetBytes)} tells of a slot import that was under way: keys of slots that the shard does not own may follow.");

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        if (options.Route.Of(entry, key) is not { } output)
        {
            LeftOut++;
            return;
        }

        if (!_counts[output].TryGetValue(entry.Database, out DatabaseCount? count))
        {
            _counts[output].Add(entry.Database, count = new DatabaseCount());
        }

        count.Keys++;
        count.KeysWithExpiry += entry.ExpireAtMilliseconds is null ? 0 : 1;
        if (!_types.ContainsKey((_version.Magic, entry.Type)))
        {
            _types.Add((_version.Magic, entry.Type), Place(_input, entry.OffsetBytes));
        }

        places?.Add(new KeyPlace(_hash.Of(entry.Database, key), _input, entry.OffsetBytes));
    }

    /// <summary>Refuses what only shows when all inputs have been read.</summary>
    /// <exception cref="NotInRdbVersionException">A value's type, or a library, is not in the version that is to be written.</exception>
    /// <exception cref="RewriteRefusedException">A key stands in two places.</exception>
    public void RequireWritable()
    {
        RdbVersion version = Version;
        foreach (var ((magic, type), place) in _types)
        {
            if (!RdbWriter.Knows(version, magic, type))
            {
                throw new NotInRdbVersionException(
                    version,
                    type,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{place} has a value of type {(int)type} ({type}) of {magic}, which a file of {version} cannot hold. Choose a newer version, or leave such values out."));
            }
        }

        for (int part = 0; places is not null && part < KeyedRecords<KeyPlace>.Parts; part++)
        {
            ReadOnlySpan<KeyPlace> sorted = places.TakeSorted(part);
            for (int i = 1; i < sorted.Length; i++)
            {
                if (sorted[i].Key == sorted[i - 1].Key)
                {
                    throw new RewriteRefusedException(
                        $"{Place(sorted[i - 1])} and {Place(sorted[i])} have the same key in the same database: no server loads a file with both. Filter one of them out first.");
                }
            }
        }
    }

    private static long? TimeOf(ReadOnlySpan<byte> text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds : null;

    private string Place(KeyPlace place) => Place(place.Input, place.OffsetBytes);

    private string Place(int input, long offsetBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{inputs[input].Name}, byte {offsetBytes},");
}
