using System.Runtime.CompilerServices;

namespace CacheBackup.Infra.Tests;

/// <summary>
/// The logical ids of what is kept when the stack goes, or would lose something when it is replaced. Lines may be added, never changed: another
/// id is another bucket, and an empty one.
/// </summary>
public sealed class LogicalIdTests(SynthesisedStack stack)
{
    private static readonly string[] Frozen =
    [
        "AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::KMS::Key", "AWS::SNS::Topic", "AWS::ApiGatewayV2::Api", "AWS::IAM::ManagedPolicy",
        "AWS::StepFunctions::StateMachine", "AWS::Events::Rule",
    ];

    [Fact]
    public void Every_frozen_id_is_still_there_and_new_ones_are_written_down()
    {
        string file = GoldenFile();
        string[] found =
        [
            .. Frozen.SelectMany(type => stack.Default.OfType(type).Select(resource => $"{type} {resource.Id}")).Order(StringComparer.Ordinal),
        ];
        string[] frozen = File.Exists(file) ? File.ReadAllLines(file) : [];
        if (Environment.GetEnvironmentVariable("LOGICAL_IDS") == "append")
        {
            frozen = [.. frozen.Union(found).Order(StringComparer.Ordinal)];
            File.WriteAllLines(file, frozen);
        }

        string[] kept = [.. frozen.Where(line => line.StartsWith("AWS::S3::Bucket ", StringComparison.Ordinal) || line.StartsWith("AWS::KMS::Key ", StringComparison.Ordinal))];
        Assert.Equal(4, kept.Length);
        Assert.Empty(kept.Except(found));
        Assert.True(
            !found.Except(frozen).Any(), $"New: {string.Join(", ", found.Except(frozen))}. Run this test with LOGICAL_IDS=append, and commit the file.");
        Assert.True(
            !frozen.Except(found).Any(),
            $"Gone: {string.Join(", ", frozen.Except(found))}. If they are to go, take their lines out of the file; if they were renamed, what they hold is lost.");
    }

    [Fact]
    public void What_is_kept_has_the_same_ids_whatever_the_deployer_sets() => Assert.All(
        new[] { stack.Full, stack.WithLock, stack.Far },
        other => Assert.Equal(Kept(stack.Default), Kept(other)));

    private static IEnumerable<string> Kept(ResolvedTemplate template) =>
        new[] { "AWS::S3::Bucket", "AWS::KMS::Key" }.SelectMany(type => template.OfType(type)).Select(resource => resource.Id).Order(StringComparer.Ordinal);

    private static string GoldenFile([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "logical-ids.txt");
}
