using System.Collections.Concurrent;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// Works through the places of files on all processors, each with a probe of its own, and adds up what the probes and the test counted.
/// </summary>
internal sealed class DamageCensus
{
    private readonly ConcurrentQueue<string> _faults = new();
    private long _readings;
    private long _refused;
    private long _accepted;

    public long Readings => _readings;

    public long Refused => _refused;

    public long Accepted => _accepted;

    public long MostAllocatedBytes { get; private set; }

    /// <summary>
    /// Runs <paramref name="examine"/> for every place of every file, the small files first. It may change the bytes, which are its own,
    /// and must restore them.
    /// </summary>
    public void Run(IEnumerable<(string Name, byte[] Bytes)> files, int first, Action<DamageCase, DamageProbe> examine)
    {
        var places =
            from file in files.OrderBy(f => f.Bytes.Length)
            from at in Enumerable.Range(first, file.Bytes.Length - first)
            select (file.Name, file.Bytes, At: at);
        Parallel.ForEach(
            Partitioner.Create(places, EnumerablePartitionerOptions.None),
            Everywhere(),
            () => new DamageProbe(),
            (place, state, probe) =>
            {
                var one = new DamageCase(place.Name, [.. place.Bytes], place.At);
                try
                {
                    examine(one, probe);
                }
                catch (Exception e)
                {
                    one.Fault($"{e.GetType().Name}: {e.Message}");
                }

                Add(one);
                if (!_faults.IsEmpty)
                {
                    state.Stop();
                }

                return probe;
            },
            Add);
        Assert.True(_faults.IsEmpty, string.Join('\n', _faults.Take(5)));
    }

    /// <summary>As many at once as there are processors.</summary>
    internal static ParallelOptions Everywhere() =>
        new() { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken };

    private void Add(DamageCase one)
    {
        Interlocked.Add(ref _refused, one.Refused);
        Interlocked.Add(ref _accepted, one.Accepted);
        foreach (string fault in one.Faults)
        {
            _faults.Enqueue(fault);
        }
    }

    private void Add(DamageProbe probe)
    {
        lock (_faults)
        {
            _readings += probe.Readings;
            MostAllocatedBytes = Math.Max(MostAllocatedBytes, probe.MostAllocatedBytes);
        }
    }
}
