using System.Text.RegularExpressions;
using CacheBackup.Infra.Context;

namespace CacheBackup.Infra.Tests.Operations;

/// <summary>docs/operations.md says what the code does.</summary>
public sealed partial class OperationsDocumentTests(SynthesisedStack stack)
{
    private static readonly string Document = File.ReadAllText(Path.Combine(Checkout.Find(), "docs", "operations.md"));

    [Fact]
    public void Table_of_context_values_is_that_of_the_code()
    {
        string[] rows = [.. ContextRow().Matches(Document).Select(row => $"{row.Groups[1].Value} = {row.Groups[2].Value}: {row.Groups[3].Value}")];
        Assert.Equal(ContextValues.All.Select(value => $"{value.Name} = {value.Default}: {value.Meaning}"), rows);
    }

    [Fact]
    public void Every_alarm_is_explained_and_no_other()
    {
        string alarms = Document[Document.IndexOf("## What to do for each alarm", StringComparison.Ordinal)..Document.IndexOf("## The disaster drill", StringComparison.Ordinal)];
        Assert.Equal(
            stack.Default.OfType("AWS::CloudWatch::Alarm").Select(alarm => StackTests.Text(alarm.Properties, "AlarmName")["cache-backup-".Length..]).Order(),
            AlarmRow().Matches(alarms).Select(row => row.Groups[1].Value).Order());
    }

    [Fact]
    public void Every_output_that_is_named_exists() => Assert.All(
        ["FunctionSecurityGroups", "CallerPolicy", "AlarmTopicArn", "CatalogBucketName", "DataBucketName"],
        name =>
        {
            Assert.Contains($"`{name}`", Document, StringComparison.Ordinal);
            Assert.Contains(name, stack.Full.Outputs.Keys);
        });

    [Fact]
    public void Grant_for_regions_that_want_it_names_elasticaches_own_ids()
    {
        Assert.Contains(Core.Buckets.ElastiCacheAccess.CanonicalId, Document, StringComparison.Ordinal);
        Assert.Contains(Core.Buckets.ElastiCacheAccess.GovCloudCanonicalId, Document, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^\| `([a-zA-Z0-9]+)` \| `([^`]+)` \| (.+) \|$", RegexOptions.Multiline)]
    private static partial Regex ContextRow();

    [GeneratedRegex(@"^\| `([A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex AlarmRow();
}
