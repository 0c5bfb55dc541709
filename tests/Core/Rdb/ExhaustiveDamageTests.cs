using System.Globalization;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>
/// Every byte of every small sample, as every other value: with the checksum that the file has nothing passes; with a checksum forged to
/// fit, or none, nothing does more than pass or fail as it should. Both depths: walked, and decoded.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ExhaustiveDamageTests
{
    private const int Small = 4096;
    private const int VersionDigit = RdbVersion.HeaderBytes - 1;

    [Fact]
    public void Every_other_value_of_every_byte_under_a_checksum_is_found_and_with_a_forged_one_does_no_harm()
    {
        var census = new DamageCensus();
        census.Run(Guarded(), 0, Examine);

        TestContext.Current.SendDiagnosticMessage(Report(census));
        Assert.True(census.Readings > 3_000_000 && census.Refused > 100_000 && census.Accepted > 5_000, Report(census));
    }

    [Fact]
    public void Every_other_value_of_every_byte_that_no_checksum_guards_does_no_harm()
    {
        var census = new DamageCensus();
        census.Run(Unguarded(), 0, (one, probe) =>
        {
            foreach (byte _ in one.OtherValues())
            {
                // A walk goes further where it is a value that is not decoded.
                var decoded = probe.ErrorOf(one.Bytes, decodes: true);
                one.Count(decoded);
                if (!probe.WasSameAsWalk)
                {
                    one.Count(probe.ErrorOf(one.Bytes, decodes: false));
                }
            }
        });

        TestContext.Current.SendDiagnosticMessage(Report(census));
        Assert.True(census.Readings > 800_000 && census.Refused > 100_000 && census.Accepted > 100_000, Report(census));
    }

    [Fact]
    public void Every_other_value_of_every_byte_of_known_corrupt_payloads_does_no_harm()
    {
        var census = new DamageCensus();
        census.Run(CorruptPayload.All.Select(p => (p.File, p.Read())), 0, (one, probe) =>
        {
            foreach (byte _ in one.OtherValues())
            {
                one.Count(probe.ErrorOfPayload(one.Bytes));
            }
        });

        TestContext.Current.SendDiagnosticMessage(Report(census));
        Assert.True(census.Readings > 800_000 && census.Refused > 100_000 && census.Accepted > 5_000, Report(census));
    }

    /// <summary>
    /// Readers that take the version for a number as far as it is one lose the checksum with it, and a second damaged byte passes.
    /// </summary>
    [Fact]
    public void No_value_of_the_versions_last_byte_hides_another_damaged_byte()
    {
        var census = new DamageCensus();
        long pairs = 0;
        foreach (byte[] original in Guarded().Select(f => f.Bytes))
        {
            var checksums = new PairedChecksums(original);
            for (int change = 1; change < 256; change++)
            {
                byte[] file = [.. original];
                file[VersionDigit] ^= (byte)change;
                RequireNoOtherVersion(file);
                pairs += (original.Length - 1) * 255;
                if (!RdbVersion.TryParse(file.AsSpan(0, RdbVersion.HeaderBytes), out var version) || !version.IsSupported)
                {
                    // Refused before a byte behind the header is looked at, whatever it is.
                    Assert.NotNull(RdbReaderDamageTests.ErrorOf(file));
                    continue;
                }

                // Every pair has another checksum than the file states; some of them are read as well.
                Assert.Equal(0, checksums.Undetected(change));
                census.Run([($"version {version}", file)], RdbVersion.HeaderBytes, (one, probe) =>
                {
                    foreach (byte _ in one.OtherValues(1, 0x80, 0xff, 0x06, 0x2a))
                    {
                        RequireFound(one, probe.ErrorOf(one.Bytes, decodes: false));
                    }
                });
            }
        }

        TestContext.Current.SendDiagnosticMessage($"{pairs:N0} pairs; {Report(census)}");
        Assert.True(pairs > 500_000_000 && census.Readings > 150_000, $"{pairs:N0} pairs; {Report(census)}");
    }

    /// <summary>No second damaged byte of the header makes another version that the file passes as.</summary>
    private static void RequireNoOtherVersion(byte[] file)
    {
        byte[] header = file[..RdbVersion.HeaderBytes];
        for (int at = 0; at < VersionDigit; at++)
        {
            byte good = header[at];
            for (int change = 1; change < 256; change++)
            {
                header[at] = (byte)(good ^ change);
                if (RdbVersion.TryParse(header, out var version) && version.IsSupported)
                {
                    byte[] damaged = [.. header, .. file.AsSpan(RdbVersion.HeaderBytes)];
                    Assert.True(RdbReaderDamageTests.ErrorOf(damaged) is not null, $"the file passes as {version}");
                }
            }

            header[at] = good;
        }
    }

    /// <summary>
    /// Each change is decoded under the checksum that the file has, and must be found; where a value is what fails, it is walked as well,
    /// which may get further. A reading that gets to the checksum would pass under one that fits, if the reader has computed it rightly.
    /// For one value of each byte what so follows is read all the same.
    /// </summary>
    private static void Examine(DamageCase one, DamageProbe probe)
    {
        foreach (byte value in one.OtherValues())
        {
            var decoded = probe.ErrorOf(one.Bytes, decodes: true);
            RequireFound(one, decoded);
            var walked = probe.WasSameAsWalk && value != 0xff ? decoded : probe.ErrorOf(one.Bytes, decodes: false);
            RequireFound(one, walked);
            if (one.IsInFooter || walked?.Code != RdbError.ChecksumMismatch)
            {
                continue;
            }

            string fits = one.FittingChecksum().ToString("x16", CultureInfo.InvariantCulture);
            if (!walked.Message.Contains(fits, StringComparison.Ordinal))
            {
                one.Fault($"the checksum of the bytes is {fits}: {walked.Message}");
            }

            if (value == 0xff || decoded?.Code != RdbError.ChecksumMismatch)
            {
                one.ForgeChecksum();
                RequireSame(one, decoded, probe.ErrorOf(one.Bytes, decodes: true));
                RequireSame(one, walked, probe.ErrorOf(one.Bytes, decodes: false));
                one.RestoreChecksum();
            }
        }
    }

    /// <summary>A forged checksum takes the mismatch away and nothing else.</summary>
    private static void RequireSame(DamageCase one, RdbFormatException? before, RdbFormatException? forged)
    {
        one.Count(forged);
        if (before?.Code == RdbError.ChecksumMismatch ? forged is not null : forged?.Message != before?.Message)
        {
            one.Fault($"{before?.Message}; with a checksum that fits: {forged?.Message}");
        }
    }

    private static void RequireFound(DamageCase one, RdbFormatException? error)
    {
        if (error is null)
        {
            one.Fault("passes");
        }
    }

    private static string Report(DamageCensus census) =>
        $"{census.Readings:N0} readings; where the checksum does not count {census.Refused:N0} refused, {census.Accepted:N0} accepted; " +
        $"at most {census.MostAllocatedBytes:N0} bytes allocated for one";

    private static IEnumerable<(string Name, byte[] Bytes)> Guarded() =>
        RdbFixtures.Good(Small).Where(f => f.Fixture.Crc == "set").Select(f => (f.Fixture.File, f.Bytes));

    /// <summary>Without a checksum, older than checksums, or damaged to begin with.</summary>
    private static IEnumerable<(string Name, byte[] Bytes)> Unguarded() =>
    [
        .. RdbFixtures.All.Where(f => f.Bytes <= Small && !(f.IsGood && f.Crc == "set")).Select(f => (f.File, RdbFixtures.Read(f))),
        ("every kind of item", RdbReaderDamageTests.WithoutChecksum()),
    ];
}
