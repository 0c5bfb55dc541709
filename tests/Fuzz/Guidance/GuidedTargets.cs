using System.Reflection;
using System.Runtime.Loader;
using CacheBackup.Fuzz.Targets;

namespace CacheBackup.Fuzz.Guidance;

/// <summary>
/// The targets, bound to an instrumented copy of the code that they drive, which is made in memory and loaded beside the real one. It
/// shares no type with the caller but those of the runtime.
/// </summary>
internal sealed class GuidedTargets
{
    private static readonly string[] Namespaces =
        ["CacheBackup.Core.Rdb.", "CacheBackup.Core.Memcached.", "CacheBackup.Core.Segments.", "CacheBackup.Core.Resp.",
            "CacheBackup.Core.Restores.StringPieces"];

    private readonly Action<long> _begin;

    private GuidedTargets(Assembly fuzz, int blocks)
    {
        Blocks = blocks;
        var branches = fuzz.GetType(typeof(Branches).FullName!, throwOnError: true)!;
        Counts = (byte[])branches.GetProperty(nameof(Branches.Counts))!.GetValue(null)!;
        _begin = branches.GetMethod(nameof(Branches.Begin))!.CreateDelegate<Action<long>>();
        var targets = fuzz.GetType(typeof(FuzzTargets).FullName!, throwOnError: true)!;
        All = (IReadOnlyDictionary<string, Action<byte[]>>)targets.GetProperty(nameof(FuzzTargets.All))!.GetValue(null)!;
    }

    /// <summary>Basic blocks that are counted.</summary>
    public int Blocks { get; }

    /// <summary>Of the last run.</summary>
    public byte[] Counts { get; }

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, Action<byte[]>> All { get; }

    public static GuidedTargets Load()
    {
        var (core, blocks) = Instrumenter.Instrument(
            typeof(Core.Rdb.RdbReader).Assembly.Location, type => Namespaces.Any(n => type.StartsWith(n, StringComparison.Ordinal)));
        return new GuidedTargets(new Context(core).LoadFromAssemblyPath(typeof(GuidedTargets).Assembly.Location), blocks);
    }

    /// <summary>Must be called before each run.</summary>
    public void Begin(int inputBytes)
    {
        // Each byte is looked at some hundred times at most: twice for each way to cut the input, and compressed ones stand for 88.
        const long StepsForAll = 2_000_000;
        const long StepsForByte = 20_000;
        _begin(StepsForAll + (StepsForByte * inputBytes));
    }

    private sealed class Context(Stream core) : AssemblyLoadContext("fuzz")
    {
        private readonly string _core = typeof(Core.Rdb.RdbReader).Assembly.GetName().Name!;
        private Assembly? _loaded;

        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name == _core ? _loaded ??= LoadFromStream(core) : null;
    }
}
