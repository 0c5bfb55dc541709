using System.Text.Json;
using CacheBackup.Aws.Watching;
using CacheBackup.Core.Operations;
using Microsoft.Extensions.Time.Testing;

namespace CacheBackup.Aws.Tests.Watching;

public sealed class EmbeddedMetricsTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    [Fact]
    public void Value_is_one_line_in_CloudWatchs_embedded_format()
    {
        using StringWriter output = new();

        new EmbeddedMetrics("CacheBackup", output, new FakeTimeProvider(Now)).Record(Metric.WorstBackupLateness, 90.5);

        Assert.Equal(
            """{"_aws":{"Timestamp":1767323045678,"CloudWatchMetrics":[{"Namespace":"CacheBackup","Dimensions":[[]],"Metrics":[{"Name":"WorstBackupLateness","Unit":"Seconds"}]}]},"WorstBackupLateness":90.5}"""
            + "\n",
            output.ToString());
    }

    [Fact]
    public void Each_value_has_a_line_of_its_own()
    {
        using StringWriter output = new();
        EmbeddedMetrics metrics = new("n", output, new FakeTimeProvider(Now));

        Parallel.For(0, 200, i => metrics.Record(Metric.BackupsFailed, i));

        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            Enumerable.Range(0, 200).Select(i => (double)i),
            lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("BackupsFailed").GetDouble()).Order());
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Value_that_is_none_is_not_told(double value)
    {
        using StringWriter output = new();

        new EmbeddedMetrics("n", output, new FakeTimeProvider(Now)).Record(Metric.BackupsFailed, value);

        Assert.Empty(output.ToString());
    }

    [Fact]
    public void Output_that_nobody_reads_fails_nobody()
    {
        StringWriter output = new();
        output.Dispose();

        new EmbeddedMetrics("n", output, new FakeTimeProvider(Now)).Record(Metric.BackupsFailed, 1);
    }
}
