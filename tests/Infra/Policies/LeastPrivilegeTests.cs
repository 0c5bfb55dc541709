using System.Text.Json;
using CacheBackup.Fixtures.Recording;
using CacheBackup.Infra.Tests.Recording;

namespace CacheBackup.Infra.Tests.Policies;

/// <summary>What functions do is allowed, and little else is.</summary>
public sealed class LeastPrivilegeTests(SynthesisedStack stack, RecordedLife life)
{
    [Fact]
    [Trait("Category", "Server")]
    public async Task Every_recorded_call_is_allowed_by_the_role_of_its_function()
    {
        IReadOnlyList<RecordedCall> calls = await life.CallsAsync();
        Assert.True(calls.Count > 300, $"Only {calls.Count} calls were recorded.");
        string[] refused =
        [
            .. from call in calls
               where stack.Full.Functions.ContainsKey(call.Function) && !IsOutOfReach(call)
               from need in NeedsOfCalls.Of(call)
               where !Policy.Allows(stack.Full.PolicyOfFunction(call.Function), need)
               select $"{call} takes {need}",
        ];
        Assert.True(refused.Length == 0, $"Add to infra/Permissions/FunctionRoles.cs, or take the call out:\n{string.Join('\n', refused)}");
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Every_recorded_call_is_allowed_where_data_is_locked()
    {
        (RecordedCall Call, Need Need)[] needs =
        [
            .. from call in await life.CallsAsync()
               where stack.WithLock.Functions.ContainsKey(call.Function)
               from need in NeedsOfCalls.WhereLocked(call)
               select (call, need),
        ];
        Assert.Contains(needs, each => each.Call.Function == "PurgeLeftovers" && each.Need.Action == "s3:GetObjectVersion");
        string[] refused =
        [
            .. needs.Where(each => !Policy.Allows(stack.WithLock.PolicyOfFunction(each.Call.Function), each.Need)).Select(each => $"{each.Call} takes {each.Need}"),
        ];
        Assert.True(refused.Length == 0, string.Join('\n', refused));
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task What_is_allowed_and_never_done_has_a_stated_reason()
    {
        ILookup<string, Need> needs = (await life.CallsAsync()).SelectMany(call => NeedsOfCalls.Of(call).Select(need => (call.Function, need)))
            .ToLookup(each => each.Function, each => each.need);
        string[] unused =
        [
            .. from function in stack.Full.Functions.Keys
               from statement in stack.Full.PolicyOfFunction(function)
               where statement.Allows
               from action in statement.Actions
               from resource in statement.Resources
               where !IsUsed(needs[function], action, resource) && !IsUsed(needs[function], action, InOwnBucket(resource))
               where !UnusedPermissions.All.Any(each => each.Explains(function, action, resource) || each.Explains(function, action, InOwnBucket(resource)))
               select $"{function}: {action} on {resource}",
        ];
        Assert.True(unused.Length == 0, $"Take out of infra/Permissions/FunctionRoles.cs, or state the reason in UnusedPermissions:\n{string.Join('\n', unused.Order())}");
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task Every_function_was_at_work_while_calls_were_recorded()
    {
        string[] seen = [.. (await life.CallsAsync()).Select(call => call.Function).Distinct()];
        Assert.Empty(stack.Full.Functions.Keys.Except(seen));
    }

    [Fact]
    [Trait("Category", "Server")]
    public async Task In_the_network_of_the_caches_functions_ask_s3_and_caches_alone()
    {
        // What is told goes to the list of events there, and to no bus: the function is given none.
        string[] reachable = [RecordingObjectStore.Catalog, RecordingObjectStore.Data, RecordingCaches.Target, RecordingSink.Target];
        RecordedCall[] inside = [.. (await life.CallsAsync()).Where(call => StandsInNetwork(call.Function))];
        Assert.Equal(stack.Full.Functions.Keys.Where(StandsInNetwork).Order(), inside.Select(call => call.Function).Distinct().Order());
        Assert.DoesNotContain(inside, call => !reachable.Contains(call.Target) && !call.Target.StartsWith("s3://", StringComparison.Ordinal));
    }

    /// <summary>
    /// No role opens what the network closes: events from within it go to the catalog's list alone, and the abandoning of a restore, which
    /// stands outside, says of an endpoint that it could not be asked what it holds.
    /// </summary>
    private bool IsOutOfReach(RecordedCall call) =>
        (call.Target == RecordingSink.Target && StandsInNetwork(call.Function))
        || (call.Target == RecordingCaches.Target && call.Function is ("AbandonRestore" or "AbandonExecution" or "MendRecords"));

    private bool StandsInNetwork(string function) =>
        stack.Full.Functions.TryGetValue(function, out JsonElement found) && found.TryGetProperty("VpcConfig", out _);

    private static bool IsUsed(IEnumerable<Need> needs, string action, string resource) =>
        needs.Any(need => need.Action == action && Wildcard.Matches(resource, need.Resource, StringComparison.Ordinal));

    /// <summary>What is done with a backup in our own bucket is done with a copy where copies are kept: the same code opens either.</summary>
    private static string InOwnBucket(string resource) => resource
        .Replace("arn:aws:s3:::copies", "arn:aws:s3:::data-bucket", StringComparison.Ordinal)
        .Replace("arn:aws:kms:eu-central-1:123456789012:key/copies", "arn:aws:kms:eu-west-1:123456789012:key/key", StringComparison.Ordinal);
}
