using System.IO.Pipelines;
using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

public sealed class RdbVerificationTests
{
    /// <summary>What is expected of the files that are no good, beyond what their index says: verdict, code, offset.</summary>
    private static readonly Dictionary<string, (RdbVerdict Verdict, RdbError Code, long OffsetBytes)> Bad = new()
    {
        ["librdb-future_v19.rdb"] = (RdbVerdict.Unsupported, RdbError.UnsupportedVersion, 0),
        ["librdb-invalid_chksum_v8.rdb"] = (RdbVerdict.Damaged, RdbError.ChecksumMismatch, 201),
        ["librdb-redis_ent_opcode_ram_lru.rdb"] = (RdbVerdict.Damaged, RdbError.UnknownType, 280),
        ["valkey-9.1.2-encodings-rdb75-unknown-types.rdb"] = (RdbVerdict.Unsupported, RdbError.UnsupportedVersion, 0),
        ["valkey-9.1.2-encodings-rdb987-unknown-types.rdb"] = (RdbVerdict.Unsupported, RdbError.UnknownType, 91),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_sample_file_is_judged_as_its_index_says(bool decodesValues)
    {
        var all = RdbFixtures.All;
        foreach (var fixture in all)
        {
            var verification = await VerifyAsync(RdbFixtures.Read(fixture), decodesValues);

            Assert.True(fixture.IsGood == verification.IsReadable, $"{fixture}: {verification.Reason}");
            if (fixture.IsGood)
            {
                Assert.Equal(fixture.Crc == "set" ? RdbVerdict.Verified : RdbVerdict.Unverified, verification.Verdict);
                Assert.Equal($"{fixture.Magic}{fixture.RdbVersion.ToString(fixture.Magic == "REDIS" ? "0000" : "000")}", verification.RdbVersion.ToString());
                Assert.Null(verification.Code);
            }
            else
            {
                Assert.Equal(Bad[fixture.File], (verification.Verdict, verification.Code!.Value, verification.OffsetBytes!.Value));
            }

            if (verification.Code != RdbError.UnsupportedVersion)
            {
                RequireCounts(fixture, verification.Summary);
            }
        }

        Assert.Equal(73, all.Count);
    }

    [Theory]
    [InlineData("redis806-small.rdb")]
    [InlineData("valkey912-small.rdb")]
    public async Task Whole_data_sets_are_verified(string file)
    {
        var verification = await VerifyAsync(SharedFixtures.Read("rdb", file), decodesValues: true);

        Assert.Equal(RdbVerdict.Verified, verification.Verdict);
    }

    [Fact]
    public async Task A_file_that_is_none_is_damaged_from_its_first_byte()
    {
        foreach (string text in (string[])["", "REDIS00", "hello", "RESTORE me", "REDIS001x", "VALKEY80\n", "VALKEYxyz"])
        {
            var verification = await VerifyAsync(System.Text.Encoding.ASCII.GetBytes(text), decodesValues: false);

            bool isCut = text is "" or "REDIS00";
            Assert.Equal(RdbVerdict.Damaged, verification.Verdict);
            Assert.Equal(isCut ? RdbError.UnexpectedEnd : RdbError.BadMagic, verification.Code);
            Assert.Equal(isCut ? text.Length : 0, verification.OffsetBytes);
            Assert.Null(verification.RdbVersion);
        }
    }

    [Theory]
    [InlineData("REDIS0000")]
    [InlineData("REDIS0013")]
    [InlineData("REDIS0080")]
    [InlineData("REDIS9999")]
    [InlineData("VALKEY079")]
    [InlineData("VALKEY000")]
    public async Task A_version_that_is_not_known_is_unsupported(string header)
    {
        var verification = await VerifyAsync(new RdbBuilder(header).End(), decodesValues: false);

        Assert.Equal(RdbVerdict.Unsupported, verification.Verdict);
        Assert.Equal(RdbError.UnsupportedVersion, verification.Code);
    }

    [Fact]
    public async Task Decoding_finds_damage_that_no_checksum_guards()
    {
        // A listpack with a wrong end, in a file without a checksum.
        byte[] file = new RdbBuilder().Type(RdbType.SetListpack, "k").Text([8, 0, 0, 0, 1, 0, 1, 0xfe]).End(checksum: 0);

        Assert.Equal(RdbVerdict.Unverified, (await VerifyAsync(file, decodesValues: false)).Verdict);
        var deep = await VerifyAsync(file, decodesValues: true);
        Assert.Equal(RdbVerdict.Damaged, deep.Verdict);
        Assert.Equal(RdbError.BadListpack, deep.Code);
        Assert.Equal(12, deep.OffsetBytes);
    }

    private static void RequireCounts(RdbFixture fixture, RdbSummary summary)
    {
        Assert.Equal(fixture.Keys, summary.Keys);
        Assert.Equal(fixture.Expires, summary.KeysWithExpiry);
        Assert.Equal(fixture.Databases, summary.Databases.Select(d => d.Number));
        Assert.Equal(RdbFixtures.TypesOf(fixture), summary.Types);
        Assert.Equal(RdbFixtures.OpcodesOf(fixture), summary.Opcodes);
    }

    private static async Task<RdbVerification> VerifyAsync(byte[] file, bool decodesValues)
    {
        var input = PipeReader.Create(new MemoryStream(file), new StreamPipeReaderOptions(bufferSize: 4096));
        var verification = await RdbVerification.RunAsync(input, new RdbVerificationOptions { DecodeValues = decodesValues });
        await input.CompleteAsync();
        return verification;
    }
}
