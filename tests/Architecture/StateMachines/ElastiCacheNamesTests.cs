using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>
/// ElastiCache as Step Functions names it: neither the codes on the wire nor the model's own spelling. The table is derived from the
/// service model, and every machine is read against it: an error or a member of another name is found in AWS only when it is too late.
/// </summary>
public sealed partial class ElastiCacheNamesTests
{
    private const string Resource = "arn:aws:states:::aws-sdk:elasticache:";
    private static readonly string Folder = Repository.PathOf("tests", "Architecture", "StateMachines");
    private static readonly HashSet<string> Table = [.. File.ReadLines(Path.Combine(Folder, "elasticache-names.txt"))];

    [Fact]
    public void Every_machine_speaks_of_ElastiCache_as_Step_Functions_does()
    {
        Assert.Contains(AslMachine.All.SelectMany(machine => machine.States), state => ActionOf(state) is not null);

        Violations.None(AslMachine.All.SelectMany(Check));
    }

    [Theory]
    [InlineData("ElastiCache.SnapshotNotFoundException", "ElastiCache.SnapshotNotFoundFaultException")]
    [InlineData("describeSnapshots", "describeSnapshot")]
    [InlineData("SnapshotName.$", "SnapshotNames.$")]
    [InlineData("$.Snapshots[0].Arn", "$.Snapshots[0].ARN")]
    [InlineData("\"SourceSnapshotName\": \"a\", ", "")]
    public void What_has_another_name_is_found(string right, string wrong)
    {
        const string Sound = """
            {"StartAt": "Look", "States": {
              "Look": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:elasticache:describeSnapshots", "Parameters": {"SnapshotName.$": "$.name"},
                "ResultSelector": {"arn.$": "$.Snapshots[0].Arn"}, "Next": "Copy",
                "Catch": [{"ErrorEquals": ["ElastiCache.SnapshotNotFoundException"], "Next": "Copy"}]
              },
              "Copy": {
                "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:elasticache:copySnapshot",
                "Parameters": {"SourceSnapshotName": "a", "TargetSnapshotName": "b"}, "End": true
              }}}
            """;
        Assert.Empty(Check(AslMachine.Parse("sample", Sound)));
        Assert.Contains(right, Sound);

        Assert.Single(Check(AslMachine.Parse("sample", Sound.Replace(right, wrong))));
    }

    [Theory]
    [InlineData("error ElastiCache.ReplicationGroupNotFoundException")]
    [InlineData("error ElastiCache.InvalidParameterValueException")]
    [InlineData("out describeReplicationGroups ReplicationGroups[].Arn")]
    [InlineData("out describeReplicationGroups ReplicationGroups[].MultiAz")]
    [InlineData("out describeServerlessCaches ServerlessCaches[].CacheUsageLimits.EcpuPerSecond.Maximum")]
    public void The_table_has_what_is_known_of_AWS(string line) => Assert.Contains(line, Table);

    [Fact]
    public async Task The_table_is_what_the_service_model_gives()
    {
        ProcessStartInfo start = new("python3", [Path.Combine(Folder, "elasticache_names.py")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process? process = TryStart(start);
        if (process is null)
        {
            Skip();
            return;
        }

        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        if ((await error).Contains("No module named 'botocore'", StringComparison.Ordinal))
        {
            Skip();
            return;
        }

        Assert.True(process.ExitCode == 0, await error);

        // A newer model may have more; nothing of ours may be missing in it.
        Violations.None(Table.Except(output.Split('\n')));
    }

    private static void Skip()
    {
        const string Missing = "python3 with botocore is not installed: pip install boto3";
        if (Environment.GetEnvironmentVariable("CI") is "1" or "true")
        {
            Assert.Fail($"{Missing}, and in CI nothing is skipped.");
        }

        Assert.Skip(Missing);
    }

    private static Process? TryStart(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> Check(AslMachine machine) => machine.States.SelectMany(
        state => Errors(state).Concat(ActionOf(state) is { } action ? Call(state, action) : []).Select(told => $"{machine.Name}: {state.Name} {told}"));

    private static string? ActionOf(AslState state) =>
        state.Text("Resource") is { } resource && resource.StartsWith(Resource, StringComparison.Ordinal) ? resource[Resource.Length..] : null;

    private static IEnumerable<string> Errors(AslState state) =>
        from entry in state.Retriers.Concat(state.Catchers)
        from error in AslState.Errors(entry)
        where error.StartsWith("ElastiCache.", StringComparison.Ordinal) && !Table.Contains($"error {error}")
        select $"speaks of {error}, which is no error of ElastiCache's";

    private static IEnumerable<string> Call(AslState state, string action)
    {
        string[] inputs = [.. Table.Where(line => line.StartsWith($"in {action} ", StringComparison.Ordinal))];
        if (inputs.Length == 0)
        {
            yield return $"calls {action}, which is not in the table";
            yield break;
        }

        string[] given = [.. Members(state, "Parameters").Select(member => member.Name)];
        foreach (string name in given.Where(name => !inputs.Any(line => line.Split(' ')[2] == name)))
        {
            yield return $"gives {action} a member {name}, which it does not have";
        }

        foreach (string name in inputs.Where(line => line.EndsWith(" required", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).Except(given))
        {
            yield return $"does not give {action} the member {name}, which it needs";
        }

        foreach ((string _, JsonElement value) in Members(state, "ResultSelector").Where(member => member.Value.ValueKind == JsonValueKind.String))
        {
            string path = value.GetString()!;
            if (path.StartsWith("$.", StringComparison.Ordinal) && !Table.Contains($"out {action} {Index().Replace(path[2..], "[]")}"))
            {
                yield return $"reads {path} of {action}'s result, which has no such member";
            }
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(AslState state, string part) =>
        state.Body.TryGetProperty(part, out JsonElement members)
            ? members.EnumerateObject().Select(member => (member.Name.EndsWith(".$", StringComparison.Ordinal) ? member.Name[..^2] : member.Name, member.Value))
            : [];

    [GeneratedRegex(@"\[[0-9*]+\]")]
    private static partial Regex Index();
}
