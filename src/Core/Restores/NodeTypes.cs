using CacheBackup.Core.Model;

namespace CacheBackup.Core.Restores;

/// <summary>
/// ElastiCache's node types and what they hold: <c>maxmemory</c> as the user guide lists it under "Valkey node-type specific parameters"
/// and "Redis OSS node-type specific parameters"
/// (https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/ParameterGroups.Engine.html), in bytes. The two lists agree; the newest
/// families stand in Valkey's alone.
/// </summary>
public static class NodeTypes
{
    /// <summary>
    /// What is left for data of <c>maxmemory</c>, in percent: <c>reserved-memory-percent</c> is 25 where nobody changed it ("Managing reserved
    /// memory", https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/redis-memory-management.html).
    /// </summary>
    public const int DataPercent = 75;

    private static readonly string[] OfValkeyAlone = ["cache.m8g.", "cache.r8g.", "cache.c8gn."];

    // The SSDs of these hold data as well: what they hold is more than this, and which part of it, ElastiCache decides.
    private const string DataTiering = "cache.r6gd.";

    private static readonly Dictionary<string, long> MaxMemory = new(StringComparer.Ordinal)
    {
        ["cache.t2.micro"] = 581_959_680,
        ["cache.t2.small"] = 1_665_138_688,
        ["cache.t2.medium"] = 3_461_349_376,
        ["cache.t3.micro"] = 536_870_912,
        ["cache.t3.small"] = 1_471_026_299,
        ["cache.t3.medium"] = 3_317_862_236,
        ["cache.t4g.micro"] = 536_870_912,
        ["cache.t4g.small"] = 1_471_026_299,
        ["cache.t4g.medium"] = 3_317_862_236,
        ["cache.m4.large"] = 6_892_593_152,
        ["cache.m4.xlarge"] = 15_328_501_760,
        ["cache.m4.2xlarge"] = 31_889_126_359,
        ["cache.m4.4xlarge"] = 65_257_290_629,
        ["cache.m4.10xlarge"] = 166_047_614_239,
        ["cache.m5.large"] = 6_854_542_746,
        ["cache.m5.xlarge"] = 13_891_921_715,
        ["cache.m5.2xlarge"] = 27_966_669_210,
        ["cache.m5.4xlarge"] = 56_116_178_125,
        ["cache.m5.12xlarge"] = 168_715_971_994,
        ["cache.m5.24xlarge"] = 337_500_562_842,
        ["cache.m6g.large"] = 6_854_542_746,
        ["cache.m6g.xlarge"] = 13_891_921_715,
        ["cache.m6g.2xlarge"] = 27_966_669_210,
        ["cache.m6g.4xlarge"] = 56_116_178_125,
        ["cache.m6g.8xlarge"] = 111_325_552_312,
        ["cache.m6g.12xlarge"] = 168_715_971_994,
        ["cache.m6g.16xlarge"] = 225_000_375_228,
        ["cache.m7g.large"] = 6_854_542_746,
        ["cache.m7g.xlarge"] = 13_891_921_715,
        ["cache.m7g.2xlarge"] = 27_966_669_210,
        ["cache.m7g.4xlarge"] = 56_116_178_125,
        ["cache.m7g.8xlarge"] = 111_325_552_312,
        ["cache.m7g.12xlarge"] = 168_715_971_994,
        ["cache.m7g.16xlarge"] = 225_000_375_228,
        ["cache.m8g.large"] = 7_294_178_820,
        ["cache.m8g.xlarge"] = 15_222_495_510,
        ["cache.m8g.2xlarge"] = 31_866_224_640,
        ["cache.m8g.4xlarge"] = 65_856_864_256,
        ["cache.m8g.8xlarge"] = 133_838_143_488,
        ["cache.m8g.12xlarge"] = 201_819_422_720,
        ["cache.m8g.16xlarge"] = 269_800_701_952,
        ["cache.r4.large"] = 13_201_781_556,
        ["cache.r4.xlarge"] = 26_898_228_839,
        ["cache.r4.2xlarge"] = 54_197_537_997,
        ["cache.r4.4xlarge"] = 108_858_546_586,
        ["cache.r4.8xlarge"] = 218_255_432_090,
        ["cache.r4.16xlarge"] = 437_021_573_120,
        ["cache.r5.large"] = 14_037_181_030,
        ["cache.r5.xlarge"] = 28_261_849_702,
        ["cache.r5.2xlarge"] = 56_711_183_565,
        ["cache.r5.4xlarge"] = 113_609_865_216,
        ["cache.r5.12xlarge"] = 341_206_346_547,
        ["cache.r5.24xlarge"] = 682_485_973_811,
        ["cache.r6g.large"] = 14_037_181_030,
        ["cache.r6g.xlarge"] = 28_261_849_702,
        ["cache.r6g.2xlarge"] = 56_711_183_565,
        ["cache.r6g.4xlarge"] = 113_609_865_216,
        ["cache.r6g.8xlarge"] = 225_000_375_228,
        ["cache.r6g.12xlarge"] = 341_206_346_547,
        ["cache.r6g.16xlarge"] = 450_000_750_456,
        ["cache.r6gd.xlarge"] = 28_261_849_702,
        ["cache.r6gd.2xlarge"] = 56_711_183_565,
        ["cache.r6gd.4xlarge"] = 113_609_865_216,
        ["cache.r6gd.8xlarge"] = 225_000_375_228,
        ["cache.r6gd.12xlarge"] = 341_206_346_547,
        ["cache.r6gd.16xlarge"] = 450_000_750_456,
        ["cache.r7g.large"] = 14_037_181_030,
        ["cache.r7g.xlarge"] = 28_261_849_702,
        ["cache.r7g.2xlarge"] = 56_711_183_565,
        ["cache.r7g.4xlarge"] = 113_609_865_216,
        ["cache.r7g.8xlarge"] = 225_000_375_228,
        ["cache.r7g.12xlarge"] = 341_206_346_547,
        ["cache.r7g.16xlarge"] = 450_000_750_456,
        ["cache.r8g.large"] = 15_222_495_510,
        ["cache.r8g.xlarge"] = 31_866_224_640,
        ["cache.r8g.2xlarge"] = 65_856_864_256,
        ["cache.r8g.4xlarge"] = 133_838_143_488,
        ["cache.r8g.8xlarge"] = 269_800_701_952,
        ["cache.r8g.12xlarge"] = 405_763_260_416,
        ["cache.r8g.16xlarge"] = 541_725_818_880,
        ["cache.c7gn.large"] = 3_317_862_236,
        ["cache.c7gn.xlarge"] = 6_854_542_746,
        ["cache.c7gn.2xlarge"] = 13_891_921_715,
        ["cache.c7gn.4xlarge"] = 27_966_669_210,
        ["cache.c7gn.8xlarge"] = 56_116_178_125,
        ["cache.c7gn.12xlarge"] = 84_357_985_997,
        ["cache.c7gn.16xlarge"] = 113_609_865_216,
        ["cache.c8gn.large"] = 3_330_020_474,
        ["cache.c8gn.xlarge"] = 7_294_178_820,
        ["cache.c8gn.2xlarge"] = 15_222_495_510,
        ["cache.c8gn.4xlarge"] = 31_866_224_640,
        ["cache.c8gn.8xlarge"] = 65_856_864_256,
        ["cache.c8gn.12xlarge"] = 99_847_503_872,
        ["cache.c8gn.16xlarge"] = 133_838_143_488,
    };

    public static IReadOnlyCollection<string> Names => MaxMemory.Keys;

    /// <summary>Bytes of memory on one node, of which <see cref="DataPercent"/> percent are for data; null: no such type is known here.</summary>
    public static long? MaxMemoryOf(string nodeType) => MaxMemory.TryGetValue(nodeType, out long bytes) ? bytes : null;

    /// <summary>Bytes of data that one node holds.</summary>
    public static long? DataBytesOf(string nodeType) => MaxMemoryOf(nodeType) / 100 * DataPercent;

    /// <summary>Whether nodes of the type keep a part of their data on SSD.</summary>
    public static bool HasDataTiering(string nodeType) => nodeType.StartsWith(DataTiering, StringComparison.Ordinal);

    /// <summary>Whether the type is listed for the engine.</summary>
    public static bool Runs(string nodeType, CacheEngine engine) =>
        engine == CacheEngine.Valkey || !OfValkeyAlone.Any(family => nodeType.StartsWith(family, StringComparison.Ordinal));
}
