using CacheBackup.Fuzz;

return FuzzCommand.Run(args, Console.Out);
